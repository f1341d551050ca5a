using System.Globalization;
using System.Text;

namespace Federation.Node.Sharing;

/// <summary>Collects what is wrong with one policy's text, so that an author sees all of it at once.</summary>
internal sealed class PolicyFaults(string fileName)
{
    /// <summary>The most faults that are told one by one.</summary>
    public const int MaxTold = 100;

    private const int MaxQuoted = 64;

    private readonly List<PolicyFault> _faults = [];
    private int _untold;

    /// <summary>Whether nothing was found.</summary>
    public bool None => _faults.Count == 0;

    /// <summary>Adds a fault at a position.</summary>
    public void Add(int line, int column, string message)
    {
        if (_faults.Count < MaxTold)
            _faults.Add(new PolicyFault(fileName, line, column, message));
        else
            _untold++;
    }

    /// <summary>Adds a fault at the start of a node.</summary>
    public void Add(PolicyNode node, string message) => Add(node.Line, node.Column, message);

    /// <summary>The faults in the order of the text; the last one counts what was left out.</summary>
    public IReadOnlyList<PolicyFault> ToList()
    {
        List<PolicyFault> sorted = [.. _faults.OrderBy(fault => fault.Line).ThenBy(fault => fault.Column)];
        if (_untold > 0)
            sorted.Add(sorted[^1] with { Message = string.Create(CultureInfo.InvariantCulture, $"{_untold} further faults are not shown") });
        return sorted;
    }

    /// <summary>A piece of the policy's text in quotes, shortened and cleaned.</summary>
    public static string Quote(string text) => text.Length > MaxQuoted ? $"'{Clean(text[..MaxQuoted])}…'" : $"'{Clean(text)}'";

    /// <summary>The text without characters that a terminal could act on.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (PolicySource.IsShown(rune))
                clean.Append(rune);
            else
                clean.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
        }
        return clean.ToString();
    }
}
