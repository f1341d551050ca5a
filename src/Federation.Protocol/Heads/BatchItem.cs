using Federation.Protocol.Records;

namespace Federation.Protocol.Heads;

/// <summary>One item of a batch, framed and not yet verified. The memories are slices of the batch.</summary>
public readonly struct BatchItem
{
    private BatchItem(BatchItemType type, Leaf leaf, int level, Digest hash)
    {
        Type = type;
        Leaf = leaf;
        Level = level;
        Hash = hash;
    }

    /// <summary>Whether this is an entry or a bare hash.</summary>
    public BatchItemType Type { get; }

    /// <summary>The entry's leaf; <c>default</c> for a bare hash.</summary>
    public Leaf Leaf { get; }

    /// <summary>The entry's statement; empty for WITHDRAW, ERASE and a bare hash.</summary>
    public ReadOnlyMemory<byte> Statement { get; private init; }

    /// <summary>The statement's signature; empty unless the view may be forwarded.</summary>
    public ReadOnlyMemory<byte> Signature { get; private init; }

    /// <summary>The entry's openings, still framed.</summary>
    public ReadOnlyMemory<byte> Openings { get; private init; }

    /// <summary>The level of a bare hash: it stands for 2^level entries. 0 is one entry.</summary>
    public int Level { get; }

    /// <summary>A bare hash: that of a leaf or of a perfect subtree.</summary>
    public Digest Hash { get; }

    internal static BatchItem Entry(
        in Leaf leaf, ReadOnlyMemory<byte> statement, ReadOnlyMemory<byte> signature, ReadOnlyMemory<byte> openings) =>
        new(BatchItemType.Entry, leaf, 0, default) { Statement = statement, Signature = signature, Openings = openings };

    internal static BatchItem Opaque(int level, Digest hash) => new(BatchItemType.Opaque, default, level, hash);
}
