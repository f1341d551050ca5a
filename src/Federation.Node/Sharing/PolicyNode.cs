namespace Federation.Node.Sharing;

/// <summary>A node of a policy's YAML with its position: text, a list, or a mapping in the order of the file.</summary>
internal sealed class PolicyNode
{
    /// <summary>What a node is.</summary>
    internal enum NodeShape
    {
        /// <summary>It was refused, and the fault is told already; readers pass over it.</summary>
        Refused,

        /// <summary>Plain or quoted text on one line.</summary>
        Text,

        /// <summary>A list.</summary>
        List,

        /// <summary>A mapping whose keys are text, each once.</summary>
        Mapping,
    }

    /// <summary>What the node is.</summary>
    public required NodeShape Shape { get; init; }

    /// <summary>The line, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The column, from 1.</summary>
    public required int Column { get; init; }

    /// <summary>The text; empty for other shapes.</summary>
    public string Text { get; init; } = "";

    /// <summary>Whether the text stands without quotes, and so may be a number, true, false or nothing.</summary>
    public bool IsPlain { get; init; }

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<PolicyNode> Items { get; init; } = [];

    /// <summary>The keys and values of a mapping.</summary>
    public IReadOnlyList<KeyValuePair<PolicyNode, PolicyNode>> Entries { get; init; } = [];

    /// <summary>The node's shape in words.</summary>
    public string Describe() => Shape switch
    {
        NodeShape.List => "a list",
        NodeShape.Mapping => "a mapping",
        _ when IsPlain && Text.Length == 0 => "nothing ({} is an empty mapping)",
        _ => PolicyFaults.Quote(Text),
    };
}
