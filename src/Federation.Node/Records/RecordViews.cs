using Federation.Node.Storage;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf.WellKnownTypes;

namespace Federation.Node.Records;

/// <summary>Shows stored records to the institute's own systems.</summary>
internal static class RecordViews
{
    /// <summary>A record as it is read; handling of own records is shown to publishers only.</summary>
    public static RecordView Show(StoredRecord record, bool withHandling)
    {
        var content = StoredContent.Open(record);
        var own = withHandling && record.Source == 0;
        var view = new RecordView
        {
            Origin = record.Name.Origin.ToString(),
            RecordId = record.Name.Id.ToString(),
            Kind = (RecordKind)record.Kind,
            Schema = (uint)record.Schema,
            Revision = (uint)record.Version,
            Envelope = content.Envelope,
            ReceivedFrom = SourceOf(record),
            Forwarded = record.Via is not null,
            ChangedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(record.ReceivedMs)),
            Handling = own ? HandlingOf(record, content) : null,
        };
        foreach (var part in content.Parts)
        {
            if (part.Shape.Part != 0)
                view.Parts.Add(ShowPart(part, own));
        }

        return view;
    }

    /// <summary>What is left to say of a record that is no longer here.</summary>
    public static RecordView ShowRemoved(StoredRecord record) => new()
    {
        Origin = record.Name.Origin.ToString(),
        RecordId = record.Name.Id.ToString(),
        ReceivedFrom = SourceOf(record),
        ChangedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(record.ReceivedMs)),
    };

    private static string SourceOf(StoredRecord record) => record.Source == 0 ? "" : (record.Via ?? record.Name.Origin).ToString();

    private static PartView ShowPart(FrozenPart part, bool own)
    {
        var view = new PartView { PartId = part.Shape.Part, ChangedMs = part.Shape.ChangedMs, Part = Part.Parser.ParseFrom(part.Value.Span) };
        if (!own)
            return view;
        view.Handling = new PartHandling { Key = part.Key, EmbargoUntil = RecordDrafts.TimeOf(part.Shape.ReleaseMs) };
        view.Handling.Audience.AddRange(AudienceWords.Of(part.Shape.Audience ?? [], part.Shape.Groups));
        return view;
    }

    private static LocalHandling HandlingOf(StoredRecord record, StoredContent content)
    {
        var handling = new LocalHandling
        {
            EmbargoUntil = RecordDrafts.TimeOf(content.Shape.ReleaseMs),
            Draft = record.Status == RecordStatus.Draft,
            Provenance = content.Handling.Provenance,
        };
        handling.Audience.AddRange(AudienceWords.Of(content.Shape.Audience, content.Shape.Groups));
        handling.Labels.AddRange(content.Handling.Labels);
        return handling;
    }
}
