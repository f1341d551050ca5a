namespace Federation.Node.Sharing;

/// <summary>A mapping of which every key is known, or told as a fault.</summary>
internal sealed class PolicyMapping
{
    private readonly PolicyNode _node;

    private PolicyMapping(PolicyNode node) => _node = node;

    /// <summary>Where the mapping stands.</summary>
    public PolicyNode Node => _node;

    /// <summary>Opens a node; null, with a fault, if it is no mapping.</summary>
    /// <param name="node">The node.</param>
    /// <param name="what">What the mapping is, with its article, for messages.</param>
    /// <param name="keys">The keys that it may have.</param>
    /// <param name="faults">Where faults go.</param>
    public static PolicyMapping? Open(PolicyNode node, string what, IReadOnlyList<string> keys, PolicyFaults faults) =>
        Open(node, what, keys, "key", faults);

    /// <summary>As the other overload, where the keys have a name of their own.</summary>
    public static PolicyMapping? Open(PolicyNode node, string what, IReadOnlyList<string> keys, string keyName, PolicyFaults faults)
    {
        if (node.Shape != PolicyNode.NodeShape.Mapping)
        {
            if (node.Shape != PolicyNode.NodeShape.Refused)
                faults.Add(node, $"{what} has to be a mapping, not {node.Describe()}");
            return null;
        }
        foreach (var (key, _) in node.Entries)
        {
            if (key.Shape == PolicyNode.NodeShape.Text && !keys.Contains(key.Text))
                faults.Add(key, $"unknown {keyName} {PolicyFaults.Quote(key.Text)} in {what}{NearMiss.Hint(key.Text, keys)}");
        }
        return new PolicyMapping(node);
    }

    /// <summary>The value of a key; null if the key is absent.</summary>
    public PolicyNode? Find(string key)
    {
        foreach (var (name, value) in _node.Entries)
        {
            if (name.Shape == PolicyNode.NodeShape.Text && name.Text == key)
                return value;
        }
        return null;
    }

    /// <summary>Where a key stands; the start of the mapping if it is absent.</summary>
    public PolicyNode KeyNode(string key)
    {
        foreach (var (name, _) in _node.Entries)
        {
            if (name.Text == key)
                return name;
        }
        return _node;
    }
}
