using System.Globalization;
using System.Text.Json;

namespace Federation.Formats.Reading;

/// <summary>
/// Typed reading of a source's members. A member of the wrong type becomes a fault with its path; null, blank and absent are the same.
/// What is read is marked as carried, except by the methods whose name says otherwise.
/// </summary>
internal sealed class SourceFields
{
    private const int MaxFaults = 64;
    private readonly List<ImportFault> _faults = [];

    internal IReadOnlyList<ImportFault> Faults => _faults;

    internal bool Failed => _faults.Count > 0;

    internal void Fail(string path, string message)
    {
        if (_faults.Count < MaxFaults)
            _faults.Add(new ImportFault(path, message));
    }

    /// <summary>The string, or null if it is absent or blank.</summary>
    internal string? Text(SourceNode? owner, string name)
    {
        var text = PeekText(owner, name);
        owner?[name]?.Carry();
        return text;
    }

    /// <summary>The string as <see cref="Text"/> reads it, which stays unmapped until the caller carries it.</summary>
    internal string? PeekText(SourceNode? owner, string name) => owner?[name] is { } node ? TextOf(node) : null;

    internal string? TextOf(SourceNode node)
    {
        if (node.Kind is JsonValueKind.Null)
            return null;
        if (node.Kind is not JsonValueKind.String)
            return Mismatch<string>(node, "a string");
        return string.IsNullOrWhiteSpace(node.Text) ? null : node.Text;
    }

    /// <summary>The string; a missing one is a fault and reads as empty.</summary>
    internal string RequiredText(SourceNode? owner, string name)
    {
        if (owner is null)
            return "";
        var before = _faults.Count;
        var text = Text(owner, name);
        if (text is null && _faults.Count == before)
            Fail($"{owner.Pointer}/{name}", "the field is missing or empty");
        return text ?? "";
    }

    internal SourceNode? Object(SourceNode? owner, string name)
    {
        if (owner?[name] is not { } node || node.Kind is JsonValueKind.Null)
            return null;
        return node.Kind is JsonValueKind.Object ? node : Mismatch<SourceNode>(node, "an object");
    }

    internal SourceNode? RequiredObject(SourceNode owner, string name)
    {
        if (owner[name] is null or { Kind: JsonValueKind.Null })
            Fail($"{owner.Pointer}/{name}", "the field is missing");
        return Object(owner, name);
    }

    internal IReadOnlyList<SourceNode> List(SourceNode? owner, string name)
    {
        if (owner?[name] is not { } node || node.Kind is JsonValueKind.Null)
            return [];
        return node.Kind is JsonValueKind.Array ? node.Items : Mismatch<IReadOnlyList<SourceNode>>(node, "an array") ?? [];
    }

    /// <summary>The objects of an array; an item that is none is a fault.</summary>
    internal IReadOnlyList<SourceNode> Objects(SourceNode? owner, string name)
    {
        var items = List(owner, name);
        foreach (var item in items)
            if (item.Kind is not JsonValueKind.Object)
                Mismatch<SourceNode>(item, "an object");
        return [.. items.Where(item => item.Kind is JsonValueKind.Object)];
    }

    /// <summary>A finite number, or null if it is absent; it stays unmapped until the caller carries it.</summary>
    internal double? PeekNumber(SourceNode? owner, string name)
    {
        if (owner?[name] is not { } node || node.Kind is JsonValueKind.Null)
            return null;
        if (node.Kind is not JsonValueKind.Number)
        {
            Mismatch<SourceNode>(node, "a number");
            return null;
        }
        var number = double.Parse(node.Text, CultureInfo.InvariantCulture);
        if (double.IsFinite(number))
            return number;
        Fail(node.Pointer, "the number is beyond the range of a double");
        return null;
    }

    /// <summary>A count from 0 to 2^32 - 1, carried; anything else stays unmapped and reads as 0, which means "not stated".</summary>
    internal static uint Count(SourceNode? owner, string name)
    {
        if (owner?[name] is not { Kind: JsonValueKind.Number } node)
            return 0;
        if (!uint.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return 0;
        node.Carry();
        return count;
    }

    private T? Mismatch<T>(SourceNode node, string wanted) where T : class
    {
        Fail(node.Pointer, $"the field is {Describe(node.Kind)} where {wanted} is expected");
        return null;
    }

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };
}
