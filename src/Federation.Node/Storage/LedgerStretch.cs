using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>A stretch of one partner's ledger with everything that the send guard asks, read at one moment.</summary>
internal sealed class LedgerStretch
{
    /// <summary>The ledger's state.</summary>
    public required LedgerHead Head { get; init; }

    /// <summary>The partner's policy epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>Whether a sweep of the partner is pending.</summary>
    public required bool Sweeping { get; init; }

    /// <summary>The entries, dense from the size asked for.</summary>
    public required IReadOnlyList<StretchEntry> Entries { get; init; }

    /// <summary>The records that entries' records refer to.</summary>
    public required IReadOnlyDictionary<RecordName, IReadOnlyList<ReferenceTarget>> Targets { get; init; }
}
