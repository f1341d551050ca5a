using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>What the send guard and the tree ask beside the entries of a stretch, read at the same moment. Valid while it is visited.</summary>
internal sealed class LedgerStretch
{
    /// <summary>The ledger's state.</summary>
    public required LedgerHead Head { get; init; }

    /// <summary>The partner's policy epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>The number of the latest change of a group that concerned the partner.</summary>
    public required long Membership { get; init; }

    /// <summary>The number of the latest change of a community list or an announcement.</summary>
    public required long Community { get; init; }

    /// <summary>Whether a sweep for the partner is pending.</summary>
    public required bool Swept { get; init; }

    /// <summary>Reads one tile of the ledger's tree by level and index; null if it is not stored.</summary>
    public required Func<int, long, byte[]?> Tile { get; init; }

    /// <summary>Reads the entries from a sequence number on, at most 256; only those above the last full tile are sure to be there.</summary>
    public required Func<ulong, IReadOnlyList<LedgerEntryName>> Tail { get; init; }

    /// <summary>The records that the records of visited entries refer to; filled before an entry is visited.</summary>
    public Dictionary<RecordName, IReadOnlyList<ReferenceTarget>> Targets { get; } = [];
}
