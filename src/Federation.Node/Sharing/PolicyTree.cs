using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Federation.Node.Sharing;

/// <summary>
/// Reads YAML into nodes with positions. Of YAML it takes mappings, lists and text on one line; anchors, aliases, tags, directives,
/// multi-line scalars, keys that are not text, keys given twice and further documents are refused, not ignored.
/// </summary>
internal sealed class PolicyTree
{
    // The language needs nine levels: an institute in the audience of a part of an example.
    private const int MaxDepth = 10;

    private readonly Parser _events;
    private readonly PolicyFaults _faults;

    private PolicyTree(string text, PolicyFaults faults)
    {
        _events = new Parser(new Scanner(new StringReader(text), skipComments: true));
        _faults = faults;
    }

    /// <summary>Reads the only document; null, with a fault, if the text is no YAML or holds none.</summary>
    public static PolicyNode? Read(string text, PolicyFaults faults)
    {
        var tree = new PolicyTree(text, faults);
        try
        {
            return tree.ReadStream();
        }
        catch (Exception fault) when (fault is YamlException or InvalidOperationException or ArgumentException)
        {
            // On some text the parser fails without saying where; it had come as far as its last event.
            var (line, column) = Position((fault as YamlException)?.Start ?? tree._events.Current?.Start ?? Mark.Empty);
            faults.Add(line, column, "not YAML: " + PolicyFaults.Clean(fault.Message));
            return null;
        }
    }

    private PolicyNode? ReadStream()
    {
        Next<StreamStart>();
        if (Next<ParsingEvent>() is not DocumentStart)
        {
            _faults.Add(1, 1, "the policy is empty");
            return null;
        }
        Next<ParsingEvent>();
        var root = ReadNode(depth: 1);
        if (root is null)
            return null;
        Next<DocumentEnd>();
        if (Next<ParsingEvent>() is not StreamEnd)
            Refuse(_events.Current!, "a policy is one document; here begins another");
        return root;
    }

    // Reads the node that begins with the current event, up to its last event; null ends the reading.
    private PolicyNode? ReadNode(int depth)
    {
        var current = _events.Current!;
        if (depth > MaxDepth)
        {
            Refuse(current, string.Create(CultureInfo.InvariantCulture, $"nested deeper than {MaxDepth} levels"));
            return null;
        }
        if (current is AnchorAlias)
            return Refuse(current, "an alias is not understood; write the value out");
        var marked = current is NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false };
        if (marked)
            Refuse(current, "an anchor or a tag is not understood; leave it out");
        var node = current switch
        {
            Scalar scalar => ReadText(scalar),
            SequenceStart => ReadList(current, depth),
            _ => ReadMapping(current, depth),
        };
        return marked && node is not null ? Node(current, PolicyNode.NodeShape.Refused) : node;
    }

    private PolicyNode ReadText(Scalar scalar)
    {
        if (scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded || scalar.Start.Line != scalar.End.Line)
            return Refuse(scalar, "text has to stand on one line");
        var (line, column) = Position(scalar.Start);
        return new PolicyNode
        {
            Shape = PolicyNode.NodeShape.Text,
            Line = line,
            Column = column,
            Text = scalar.Value,
            IsPlain = scalar.Style is ScalarStyle.Plain or ScalarStyle.Any,
        };
    }

    private PolicyNode? ReadList(ParsingEvent start, int depth)
    {
        var items = new List<PolicyNode>();
        while (Next<ParsingEvent>() is not SequenceEnd)
        {
            if (ReadNode(depth + 1) is not { } item)
                return null;
            items.Add(item);
        }
        var (line, column) = Position(start.Start);
        return new PolicyNode { Shape = PolicyNode.NodeShape.List, Line = line, Column = column, Items = items };
    }

    private PolicyNode? ReadMapping(ParsingEvent start, int depth)
    {
        var entries = new List<KeyValuePair<PolicyNode, PolicyNode>>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (Next<ParsingEvent>() is not MappingEnd)
        {
            if (ReadNode(depth + 1) is not { } key)
                return null;
            Next<ParsingEvent>();
            if (ReadNode(depth + 1) is not { } value)
                return null;
            if (key.Shape is PolicyNode.NodeShape.List or PolicyNode.NodeShape.Mapping)
                _faults.Add(key, "a key has to be text");
            else if (key.Shape == PolicyNode.NodeShape.Text && !lines.TryAdd(key.Text, key.Line))
                _faults.Add(key, $"the key {PolicyFaults.Quote(key.Text)} was given before, in line {lines[key.Text].ToString(CultureInfo.InvariantCulture)}");
            else
                entries.Add(new(key, value));
        }
        var (line, column) = Position(start.Start);
        return new PolicyNode { Shape = PolicyNode.NodeShape.Mapping, Line = line, Column = column, Entries = entries };
    }

    private TEvent Next<TEvent>()
        where TEvent : ParsingEvent
    {
        if (_events.MoveNext() && _events.Current is TEvent expected)
            return expected;
        var mark = _events.Current?.Start ?? Mark.Empty;
        throw new YamlException(mark, mark, "the document ends too early or goes on too long");
    }

    private PolicyNode Refuse(ParsingEvent at, string message)
    {
        var (line, column) = Position(at.Start);
        _faults.Add(line, column, message);
        return Node(at, PolicyNode.NodeShape.Refused);
    }

    private static PolicyNode Node(ParsingEvent at, PolicyNode.NodeShape shape)
    {
        var (line, column) = Position(at.Start);
        return new PolicyNode { Shape = shape, Line = line, Column = column };
    }

    // The text is bounded, so that positions fit.
    private static (int Line, int Column) Position(Mark mark) => ((int)mark.Line, (int)mark.Column);
}
