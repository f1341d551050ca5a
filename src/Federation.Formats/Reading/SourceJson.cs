using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Federation.Formats.Reading;

/// <summary>Writes a source value as compact JSON text. Members keep their order and numbers their digits.</summary>
internal static class SourceJson
{
    internal static string Write(SourceNode node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    internal static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    /// <summary>Whether the text would be longer than <paramref name="limit"/>, answered without writing all of it.</summary>
    internal static bool IsLonger(SourceNode node, int limit) => Rest(node, limit) < 0;

    private static int Rest(SourceNode node, int limit)
    {
        var rest = limit - Math.Max(node.Text.Length, 1);
        foreach (var child in node.Children)
        {
            if (rest < 0)
                break;
            rest = Rest(child, rest - (node.Kind is JsonValueKind.Object ? child.Token.Length + 3 : 0));
        }
        return rest;
    }

    private static void Append(StringBuilder text, SourceNode node)
    {
        switch (node.Kind)
        {
            case JsonValueKind.Object:
                AppendAll(text, node, '{', '}');
                break;
            case JsonValueKind.Array:
                AppendAll(text, node, '[', ']');
                break;
            case JsonValueKind.String:
                text.Append(Quote(node.Text));
                break;
            default:
                text.Append(node.Text);
                break;
        }
    }

    private static void AppendAll(StringBuilder text, SourceNode node, char open, char close)
    {
        text.Append(open);
        var first = true;
        foreach (var child in node.Children)
        {
            if (!first)
                text.Append(',');
            first = false;
            if (node.Kind is JsonValueKind.Object)
                text.Append(Quote(child.Token)).Append(':');
            Append(text, child);
        }
        text.Append(close);
    }
}
