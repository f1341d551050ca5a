using System.Text.Json;
using Federation.V1.Node;
using Google.Protobuf;

namespace Federation.Cli.RecordFiles;

/// <summary>Reads one record from protobuf JSON. Unknown fields are refused, each with its path.</summary>
internal static class DraftJson
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };

    public static (RecordDraft? Draft, IReadOnlyList<FieldFault> Faults) Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var json = JsonDocument.Parse(WithoutMark(utf8), Strict);
            var faults = MessageShape.Check(json.RootElement, RecordDraft.Descriptor);
            if (faults.Count > 0)
                return (null, faults);
            return (JsonParser.Default.Parse<RecordDraft>(json.RootElement.GetRawText()), []);
        }
        catch (JsonException fault)
        {
            var place = fault.LineNumber is { } line ? $"Line {line + 1}, column {fault.BytePositionInLine + 1}: " : "";
            return (null, [new FieldFault("", $"{place}this is not JSON.")]);
        }
        catch (InvalidProtocolBufferException fault)
        {
            return (null, [new FieldFault("", fault.Message)]);
        }
    }

    // Editors on some systems start a file with a byte order mark.
    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> utf8) =>
        utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
}
