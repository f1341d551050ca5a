using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Federation.Formats.Reading;

/// <summary>
/// Reads JSON strictly: valid UTF-8, no member twice, no constants beside those of RFC 8259, bounded depth, one object and nothing after it.
/// Each refusal names the place, which a general deserialiser doesn't do.
/// </summary>
internal sealed class JsonText
{
    private const int ByteOrderMarkBytes = 3;

    /// <summary>Bounds the memory that a hostile file of tiny values could take.</summary>
    private const int MaxValues = 500_000;
    private static readonly SearchValues<byte> Space = SearchValues.Create(" \t\r\n"u8);
    private static readonly SearchValues<byte> SpaceAndSeparators = SearchValues.Create(" \t\r\n,:"u8);
    private readonly ReadOnlyMemory<byte> _file;
    private readonly int _start;
    private SourceNode? _container;
    private string? _expected;
    private int _values;
    private ImportFault? _fault;

    private JsonText(ReadOnlyMemory<byte> file)
    {
        _file = file;
        _start = file.Span.StartsWith(Encoding.UTF8.Preamble) ? ByteOrderMarkBytes : 0;
    }

    internal static (SourceNode? Root, ImportFault? Fault) Parse(ReadOnlyMemory<byte> file)
    {
        var text = new JsonText(file);
        var root = text.ParseFile();
        return text._fault is null ? (root, null) : (null, text._fault);
    }

    private SourceNode? ParseFile()
    {
        var content = _file.Span[_start..];
        if (InvalidUtf8.Find(content) is { } position)
            return Fail("", $"invalid UTF-8 at byte {_start + position}");
        var first = content.IndexOfAnyExcept(Space);
        if (first < 0)
            return Fail("", "the file is empty");
        if (content[first] != '{')
            return Fail("", "the file is not a JSON object");
        // One level more than is allowed, so that the refusal can name the place.
        var options = new JsonReaderOptions { MaxDepth = Importers.MaxDepth + 1 };
        var reader = new Utf8JsonReader(content, isFinalBlock: false, new JsonReaderState(options));
        try
        {
            if (!Advance(ref reader))
                return null;
            var root = ParseValue(ref reader, null, null);
            return root is null ? null : CheckEnd(root, content, (int)reader.BytesConsumed);
        }
        catch (JsonException)
        {
            return FailAt(content, (int)reader.BytesConsumed);
        }
    }

    private SourceNode? ParseValue(ref Utf8JsonReader reader, SourceNode? parent, string? name)
    {
        if (++_values > MaxValues)
            return Fail(Place(), $"the file holds more than {MaxValues} values");
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ParseObject(ref reader, new SourceNode(parent, name, JsonValueKind.Object, ""));
            case JsonTokenType.StartArray:
                return ParseArray(ref reader, new SourceNode(parent, name, JsonValueKind.Array, ""));
            case JsonTokenType.String:
                return StringOf(ref reader) is { } text ? new SourceNode(parent, name, JsonValueKind.String, text) : null;
            default:
                var kind = reader.TokenType switch
                {
                    JsonTokenType.Number => JsonValueKind.Number,
                    JsonTokenType.True => JsonValueKind.True,
                    JsonTokenType.False => JsonValueKind.False,
                    _ => JsonValueKind.Null,
                };
                return new SourceNode(parent, name, kind, Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    private SourceNode? ParseObject(ref Utf8JsonReader reader, SourceNode node)
    {
        if (!Enter(ref reader, node))
            return null;
        while (true)
        {
            Expect(node, null);
            if (!Advance(ref reader))
                return null;
            if (reader.TokenType is JsonTokenType.EndObject)
                return node;
            if (StringOf(ref reader) is not { } name)
                return null;
            Expect(node, name);
            if (node[name] is not null)
                return Fail(Place(), "the member occurs twice");
            if (!Advance(ref reader) || ParseValue(ref reader, node, name) is not { } member)
                return null;
            node.AddMember(member);
        }
    }

    private SourceNode? ParseArray(ref Utf8JsonReader reader, SourceNode node)
    {
        if (!Enter(ref reader, node))
            return null;
        while (true)
        {
            Expect(node, null);
            if (!Advance(ref reader))
                return null;
            if (reader.TokenType is JsonTokenType.EndArray)
                return node;
            if (ParseValue(ref reader, node, null) is not { } item)
                return null;
            node.AddItem(item);
        }
    }

    private bool Enter(ref Utf8JsonReader reader, SourceNode node)
    {
        // CurrentDepth of a start token is the number of containers around it.
        if (reader.CurrentDepth < Importers.MaxDepth)
            return true;
        Fail(node.Pointer, $"nested deeper than {Importers.MaxDepth} levels");
        return false;
    }

    private bool Advance(ref Utf8JsonReader reader)
    {
        if (reader.Read())
            return true;
        Fail(Place(), $"the file ends at byte {_file.Length} in the middle of a value");
        return false;
    }

    private string? StringOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            Fail(Place(), $"the string before byte {_start + reader.BytesConsumed} holds half of a surrogate pair");
            return null;
        }
    }

    private SourceNode? CheckEnd(SourceNode root, ReadOnlySpan<byte> content, int end)
    {
        var rest = content[end..].IndexOfAnyExcept(Space);
        return rest < 0
            ? root
            : Fail("", $"a second value begins at byte {_start + end + rest}; JSON lines (instance-level logs) are attachments, not records");
    }

    private SourceNode? FailAt(ReadOnlySpan<byte> content, int consumed)
    {
        var offset = content[consumed..].IndexOfAnyExcept(SpaceAndSeparators);
        var position = offset < 0 ? content.Length : consumed + offset;
        var rest = content[position..];
        foreach (var constant in (ReadOnlySpan<string>)["NaN", "Infinity", "-Infinity"])
            if (rest.StartsWith(Encoding.UTF8.GetBytes(constant)))
                return Fail(Place(), $"{constant} at byte {_start + position} is no JSON number");
        return Fail(Place(), $"not valid JSON at or after byte {_start + position}");
    }

    private void Expect(SourceNode container, string? name) => (_container, _expected) = (container, name);

    /// <summary>Where the value that is being read stands: a member by its name, an item by the number of those before it.</summary>
    private string Place()
    {
        if (_container is null)
            return "";
        if (_container.Kind is JsonValueKind.Array)
            return $"{_container.Pointer}/{_container.Items.Count}";
        return _expected is null ? _container.Pointer : $"{_container.Pointer}/{SourceNode.Escape(_expected)}";
    }

    private SourceNode? Fail(string path, string message)
    {
        _fault ??= new ImportFault(path, message);
        return null;
    }
}
