using Federation.V1.Node;
using Federation.V1.Records;
using Spectre.Console;

namespace Federation.Cli.Output;

/// <summary>Records as people see them.</summary>
internal static class RecordTable
{
    private const int MaxTitle = 60;

    public static Table Create(IEnumerable<RecordView> records)
    {
        var table = Tables.Create("origin", "via", "record", "kind", "title", "marking", "state", "rev", "parts", "changed");
        foreach (var record in records)
        {
            table.With(
                record.Origin,
                record.Forwarded ? record.ReceivedFrom : "",
                record.RecordId,
                EnumText<RecordKind>.Of(record.Kind),
                SafeText.Short(record.Envelope?.Title, MaxTitle),
                MarkingText.Of(record.Envelope?.Marking ?? Marking.Unspecified),
                record.Handling is { Draft: true } ? "draft" : EnumText<RecordState>.Of(record.Envelope?.State ?? RecordState.Unspecified),
                record.Revision,
                record.Parts.Count(part => part.PartId != 0),
                record.ChangedAt);
        }
        return table;
    }

    /// <summary>One record with its parts.</summary>
    public static void Show(IAnsiConsole console, RecordView record)
    {
        var envelope = record.Envelope ?? new Envelope();
        var handling = record.Handling;
        console.Facts(
            ("record", record.RecordId),
            ("origin", Origin(record)),
            ("kind", EnumText<RecordKind>.Of(record.Kind)),
            ("title", envelope.Title),
            ("issued", DateText.Of(envelope.Issued)),
            ("state", $"{EnumText<RecordState>.Of(envelope.State)} {envelope.StateReason} {DateText.Of(envelope.StateDay)}".TrimEnd()),
            ("marking", MarkingText.Of(envelope.Marking)),
            ("topics", envelope.Topics),
            ("revision", record.Revision),
            ("changed", record.ChangedAt),
            ("audience", handling is { Audience.Count: 0 } ? "no restriction" : handling?.Audience),
            ("embargo until", handling?.EmbargoUntil),
            ("labels", handling?.Labels),
            ("draft", handling?.Draft));
        var table = Tables.Create("part", "key", "type", "marking", "content");
        foreach (var part in record.Parts.Where(part => part.PartId != 0))
        {
            var marking = MarkingText.Of(part.Part?.Marking ?? Marking.Unspecified);
            table.With($"{part.PartId:x16}", part.Handling?.Key, TypeOf(part.Part), marking, ContentOf(part.Part));
        }
        console.Write(table);
    }

    private static string Origin(RecordView record)
    {
        if (record.ReceivedFrom.Length == 0)
            return record.Origin;
        return record.ReceivedFrom == record.Origin ? $"{record.Origin}, received" : $"{record.Origin}, passed on by {record.ReceivedFrom}";
    }

    private static string TypeOf(Part? part) => ContentField(part)?.Name ?? "";

    private static string ContentOf(Part? part)
    {
        var content = ContentField(part)?.Accessor.GetValue(part) as Google.Protobuf.IMessage;
        return content is null ? "" : SafeText.Short(JsonText.Line(content), 400);
    }

    private static Google.Protobuf.Reflection.FieldDescriptor? ContentField(Part? part) =>
        part is null ? null : Part.Descriptor.Oneofs[0].Accessor.GetCaseFieldDescriptor(part);
}
