using System.Globalization;
using System.Text.Json;

namespace Federation.Formats.Reading;

/// <summary>
/// One JSON value of a source file, with its place in the file. A mapping marks what it has carried over; what is left is unmapped.
/// Numbers keep the text that the file has, so that no digit is lost.
/// </summary>
internal sealed class SourceNode
{
    private static readonly OrderedDictionary<string, SourceNode> NoMembers = [];
    private readonly SourceNode? _parent;
    private readonly string? _name;
    private readonly int _index;
    // Most values are leaves: the lists are made when something is put into them.
    private OrderedDictionary<string, SourceNode>? _members;
    private List<SourceNode>? _items;

    /// <summary>Makes a value inside <paramref name="parent"/>: its member of that name, or its next item if there is no name.</summary>
    internal SourceNode(SourceNode? parent, string? name, JsonValueKind kind, string text)
    {
        (_parent, _name, Kind, Text) = (parent, name, kind, text);
        _index = parent?.Items.Count ?? 0;
    }

    internal JsonValueKind Kind { get; }

    /// <summary>The string's characters, the number as written, or the literal.</summary>
    internal string Text { get; }

    /// <summary>The name of the member, or the index in the array.</summary>
    internal string Token => _name ?? _index.ToString(CultureInfo.InvariantCulture);

    internal IReadOnlyList<SourceNode> Items => _items ?? [];

    internal IEnumerable<SourceNode> Members => (_members ?? NoMembers).Values;

    internal IEnumerable<SourceNode> Children => Kind is JsonValueKind.Object ? Members : Items;

    internal bool IsContainer => Kind is JsonValueKind.Object or JsonValueKind.Array;

    /// <summary>Whether the value says nothing: null, an empty string, or a container without anything in it.</summary>
    internal bool IsEmpty => Kind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => Text.Length == 0,
        JsonValueKind.Object => _members is null,
        JsonValueKind.Array => _items is null,
        _ => false,
    };

    /// <summary>Whether the mapping carried this value over; containers are carried with their leaves.</summary>
    internal bool Carried { get; private set; }

    internal string Pointer => _parent is null ? "" : $"{_parent.Pointer}/{Escape(Token)}";

    internal SourceNode? this[string name] => _members?.GetValueOrDefault(name);

    internal void Carry() => Carried = true;

    internal void CarryAll()
    {
        Carried = true;
        foreach (var child in Children)
            child.CarryAll();
    }

    internal void AddMember(SourceNode member) => (_members ??= []).Add(member.Token, member);

    internal void AddItem(SourceNode item) => (_items ??= []).Add(item);

    internal static string Escape(string token) => token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
