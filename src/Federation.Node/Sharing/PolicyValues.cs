using System.Globalization;
using System.Text.RegularExpressions;

namespace Federation.Node.Sharing;

/// <summary>Reads the values of a policy: words of a closed list, and lists of values.</summary>
internal static partial class PolicyValues
{
    /// <summary>The most values of one list.</summary>
    public const int MaxValues = 64;

    // The core schema of YAML 1.2: what stands without quotes and is no text.
    private const string CoreSchema =
        @"\A(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE"
        + @"|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
        + @"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z";

    /// <summary>Reads one value; false for a text that is none.</summary>
    internal delegate bool ValueParser<T>(string text, out T value);

    /// <summary>Reads text; false, with a fault, for another shape and for what YAML takes as a number, a truth value or nothing.</summary>
    public static bool TryReadText(PolicyNode node, string what, PolicyFaults faults, out string text)
    {
        text = node.Text;
        if (node.Shape == PolicyNode.NodeShape.Text && !(node.IsPlain && NotText().IsMatch(node.Text)))
            return true;
        if (node.Shape != PolicyNode.NodeShape.Refused)
            faults.Add(node, $"{what} has to be text, not {node.Describe()}");
        return false;
    }

    /// <summary>Reads one value out of a list of words; false, with a fault, for any other.</summary>
    public static bool TryReadWord<T>(
        PolicyNode node, string what, IReadOnlyList<string> known, ValueParser<T> parser, PolicyFaults faults, out T? value)
    {
        value = default;
        if (!TryReadText(node, "a " + what, faults, out var text))
            return false;
        if (parser(text, out value))
            return true;
        faults.Add(node, $"unknown {what} {PolicyFaults.Quote(text)}{NearMiss.Hint(text, known)}");
        return false;
    }

    /// <summary>Reads a list with at least one value; each value comes with its node. What is not understood is told and left out.</summary>
    public static List<(PolicyNode Node, T Value)> ReadList<T>(
        PolicyNode? node, string key, string what, IReadOnlyList<string> known, ValueParser<T> parser, PolicyFaults faults)
    {
        var values = new List<(PolicyNode Node, T Value)>();
        if (node is null || node.Shape == PolicyNode.NodeShape.Refused)
            return values;
        if (node.Shape != PolicyNode.NodeShape.List)
        {
            faults.Add(node, $"'{key}' has to be a list, not {node.Describe()}");
            return values;
        }
        if (node.Items.Count == 0)
            faults.Add(node, $"'{key}' is an empty list; leave the key out or name something");
        if (node.Items.Count > MaxValues)
            faults.Add(node.Items[MaxValues], string.Create(CultureInfo.InvariantCulture, $"'{key}' has more than {MaxValues} values"));
        foreach (var item in node.Items.Take(MaxValues))
        {
            if (TryReadWord(item, what, known, parser, faults, out var value))
                values.Add((item, value!));
        }
        return values;
    }

    [GeneratedRegex(CoreSchema, RegexOptions.CultureInvariant)]
    private static partial Regex NotText();
}
