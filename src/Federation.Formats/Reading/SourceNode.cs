using System.Text.Json;

namespace Federation.Formats.Reading;

/// <summary>
/// One JSON value of a source file, with its place in the file. A mapping marks what it has carried over; what is left is unmapped.
/// Numbers keep the text that the file has, so that no digit is lost.
/// </summary>
internal sealed class SourceNode(SourceNode? parent, string token, JsonValueKind kind, string text)
{
    private readonly OrderedDictionary<string, SourceNode> _members = [];
    private readonly List<SourceNode> _items = [];

    internal JsonValueKind Kind { get; } = kind;

    /// <summary>The string's characters, the number as written, or the literal.</summary>
    internal string Text { get; } = text;

    /// <summary>The name of the member, or the index in the array.</summary>
    internal string Token { get; } = token;

    internal IReadOnlyList<SourceNode> Items => _items;

    internal IEnumerable<SourceNode> Members => _members.Values;

    internal IEnumerable<SourceNode> Children => Kind is JsonValueKind.Object ? _members.Values : _items;

    internal bool IsContainer => Kind is JsonValueKind.Object or JsonValueKind.Array;

    /// <summary>Whether the value says nothing: null, an empty string, or a container without anything in it.</summary>
    internal bool IsEmpty => Kind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => Text.Length == 0,
        JsonValueKind.Object => _members.Count == 0,
        JsonValueKind.Array => _items.Count == 0,
        _ => false,
    };

    /// <summary>Whether the mapping carried this value over; containers are carried with their leaves.</summary>
    internal bool Carried { get; private set; }

    internal string Pointer => parent is null ? "" : $"{parent.Pointer}/{Escape(Token)}";

    internal SourceNode? this[string name] => _members.GetValueOrDefault(name);

    internal void Carry() => Carried = true;

    internal void CarryAll()
    {
        Carried = true;
        foreach (var child in Children)
            child.CarryAll();
    }

    internal bool TryAddMember(SourceNode member) => _members.TryAdd(member.Token, member);

    internal void AddItem(SourceNode item) => _items.Add(item);

    internal static string Escape(string token) => token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
