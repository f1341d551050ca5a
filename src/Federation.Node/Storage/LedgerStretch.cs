using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>What the send guard asks beside the entries of a stretch, read at the same moment.</summary>
internal sealed class LedgerStretch
{
    /// <summary>The ledger's state.</summary>
    public required LedgerHead Head { get; init; }

    /// <summary>The partner's policy epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>The number of the latest change of a group that concerned the partner.</summary>
    public required long Membership { get; init; }

    /// <summary>The records that the records of visited entries refer to; filled before an entry is visited.</summary>
    public Dictionary<RecordName, IReadOnlyList<ReferenceTarget>> Targets { get; } = [];
}
