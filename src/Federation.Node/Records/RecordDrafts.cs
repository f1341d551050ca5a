using Federation.Node.Storage;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf.WellKnownTypes;

namespace Federation.Node.Records;

/// <summary>Turns stored content back into a draft, and reads what filters need of a draft.</summary>
internal static class RecordDrafts
{
    /// <summary>The draft that would write the record as it is.</summary>
    public static RecordDraft From(StoredContent content, StoredRecord record)
    {
        var draft = new RecordDraft
        {
            Kind = (RecordKind)record.Kind,
            Envelope = content.Envelope,
            EmbargoUntil = TimeOf(content.Shape.ReleaseMs),
            Draft = record.Status == RecordStatus.Draft,
            Provenance = content.Handling.Provenance,
        };
        draft.Audience.AddRange(AudienceWords.Of(content.Shape.Audience, content.Shape.Groups));
        draft.Labels.AddRange(content.Handling.Labels);
        foreach (var part in content.Parts.Where(p => p.Shape.Part != 0))
        {
            var copy = new PartDraft { Key = part.Key, Part = Part.Parser.ParseFrom(part.Value.Span), EmbargoUntil = TimeOf(part.Shape.ReleaseMs) };
            copy.Audience.AddRange(AudienceWords.Of(part.Shape.Audience ?? [], part.Shape.Groups));
            draft.Parts.Add(copy);
        }

        return draft;
    }

    /// <summary>The columns that filters read.</summary>
    public static RecordAttributes AttributesOf(RecordDraft draft)
    {
        var traits = RecordTraits.Read(draft.Envelope, draft.Parts.Select(p => p.Part));
        return new RecordAttributes
        {
            Marking = (int)draft.Envelope.Marking,
            State = (int)draft.Envelope.State,
            Severity = traits.Severity,
            Availability = traits.Availability,
            Language = draft.Envelope.Language,
            Title = draft.Envelope.Title,
            IssuedMs = traits.IssuedMs,
            Topics = [.. draft.Envelope.Topics],
        };
    }

    /// <summary>What rules ask of the record beyond marking and topics.</summary>
    public static ShapeTraits TraitsOf(RecordDraft draft, long publishedMs)
    {
        var traits = RecordTraits.Read(draft.Envelope, draft.Parts.Select(p => p.Part));
        return new ShapeTraits
        {
            Known = true,
            Severity = traits.Severity,
            Availability = traits.Availability,
            Language = draft.Envelope.Language,
            IssuedMs = traits.IssuedMs,
            PermittedActions = (byte)Math.Clamp((int)draft.Envelope.PermittedActions, 0, byte.MaxValue),
            Attribution = (byte)Math.Clamp((int)draft.Envelope.Attribution, 0, byte.MaxValue),
            PublishedMs = publishedMs,
        };
    }

    /// <summary>A moment in milliseconds as a timestamp; null for 0, which means none.</summary>
    public static Timestamp? TimeOf(long ms) => ms == 0 ? null : Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(ms));
}
