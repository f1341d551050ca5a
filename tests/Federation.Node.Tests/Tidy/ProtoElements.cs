using System.Text.RegularExpressions;

namespace Federation.Node.Tests.Tidy;

/// <summary>The elements of a proto file that need a comment: messages, fields, oneofs, enums, values, services and rpcs.</summary>
internal static partial class ProtoElements
{
    private const string Block = @"(?:message|enum|service|oneof)\s+\w+\s*\{";
    private const string Field = @"(?:(?:repeated|optional)\s+)?[\w.]+(?:<.*>)?\s+\w+\s*=\s*\d+";
    private const string EnumValue = @"[A-Z][A-Z0-9_]*\s*=\s*\d+";

    /// <summary>Every element of a file, in order.</summary>
    public static IEnumerable<ProtoElement> Of(string path) => Of(path, RepositoryTree.Read(path));

    /// <summary>Every element of a text.</summary>
    public static IEnumerable<ProtoElement> Of(string path, string text)
    {
        var previous = "";
        foreach (var (index, raw) in text.Split('\n').Index())
        {
            var line = raw.Trim();
            if (Element().IsMatch(line))
                yield return new ProtoElement(path, index + 1, line, previous.StartsWith("//", StringComparison.Ordinal));
            if (line.Length > 0)
                previous = line;
        }
    }

    [GeneratedRegex($@"^(?:{Block}|rpc\s+\w+\s*\(|{Field}|{EnumValue})")]
    private static partial Regex Element();
}
