using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf;

namespace Federation.Node.Tests.Scenarios.Properties;

/// <summary>What can be read of a record, in a form that compares: the envelope, and the parts without their ids.</summary>
internal static class ViewText
{
    public static string Of(Envelope envelope, IEnumerable<Part> parts)
    {
        // On which day a record was withdrawn is the node's to say.
        var dayless = envelope.Clone();
        dayless.StateDay = null;
        var lines = parts.Select(part => $"{part} {Convert.ToHexStringLower(part.ToByteArray())}").Order(StringComparer.Ordinal);
        return string.Join('\n', lines.Prepend($"{dayless}"));
    }

    public static string Of(RecordView view) => Of(view.Envelope, view.Parts.Select(part => part.Part));
}
