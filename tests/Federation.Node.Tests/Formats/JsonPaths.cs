using System.Globalization;
using System.Text.Json;

namespace Federation.Node.Tests.Formats;

/// <summary>Walks JSON by another parser than the importers', so that the two can be compared.</summary>
internal static class JsonPaths
{
    internal static IEnumerable<(string Path, bool IsEmpty)> Leaves(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Leaves(member.Value, $"{path}/{Escape(member.Name)}")),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, index) => Leaves(item, $"{path}/{index}")),
        JsonValueKind.String => [(path, element.GetString()!.Length == 0)],
        _ => [(path, element.ValueKind is JsonValueKind.Null)],
    };

    internal static JsonElement Find(JsonElement element, string path)
    {
        foreach (var token in path.Split('/').Skip(1))
            element = element.ValueKind is JsonValueKind.Array
                ? element[int.Parse(token, CultureInfo.InvariantCulture)]
                : element.GetProperty(token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        return element;
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
