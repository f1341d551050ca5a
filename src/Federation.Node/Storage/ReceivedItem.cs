using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>One item of a verified batch.</summary>
internal sealed class ReceivedItem
{
    /// <summary>The hash of the entry, or of the subtree of entries that were not shown.</summary>
    public required Digest Hash { get; init; }

    /// <summary>The item stands for 2^level entries.</summary>
    public int Level { get; init; }

    /// <summary>The entry; null if only its hash was sent.</summary>
    public required Leaf? Leaf { get; init; }

    /// <summary>The row that the entry supersedes; null if the record was never heard of.</summary>
    public HeldRow? Held { get; init; }

    /// <summary>Whether the entry is of a record of another institute than the one that keeps the ledger.</summary>
    public bool Forwarded { get; init; }

    /// <summary>The record that a DISCLOSE carries; null otherwise.</summary>
    public ReceivedRecord? Record { get; init; }
}
