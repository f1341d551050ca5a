using System.Globalization;

namespace Federation.Node.Sharing;

/// <summary>Reads the names of rules or examples, of which no two are equal.</summary>
internal sealed class UniqueNames(string what, PolicyFaults faults)
{
    private const int MaxLength = 64;
    private const string Form = "1 to 64 letters, digits, spaces and '.', '_', '-', beginning with a letter or digit";

    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    /// <summary>Reads the name of the mapping; empty, with a fault, if there is none that will do.</summary>
    public string Read(PolicyMapping owner, string ownerName)
    {
        if (owner.Find("name") is not { } node)
        {
            faults.Add(owner.Node, $"{ownerName} has no 'name'");
            return "";
        }
        if (!PolicyValues.TryReadText(node, what, faults, out var name))
            return "";
        if (!IsName(name))
            faults.Add(node, $"{what} is {Form}; not {PolicyFaults.Quote(name)}");
        else if (!_lines.TryAdd(name, node.Line))
            faults.Add(node, string.Create(CultureInfo.InvariantCulture, $"the name '{name}' was given before, in line {_lines[name]}"));
        return name;
    }

    /// <summary>Whether the text can be a name: of a rule, an example or a group.</summary>
    public static bool IsName(string name) =>
        name.Length is >= 1 and <= MaxLength
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or '_' or '-');
}
