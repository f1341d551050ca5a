namespace Federation.Node.Storage;

/// <summary>The lost end of a partner's ledger, proven under a head that this node signed; put back whole or refused whole.</summary>
internal sealed record LedgerRecovery
{
    /// <summary>The partner.</summary>
    public required int Partner { get; init; }

    /// <summary>The ledger's size before; another one in the store refuses the recovery.</summary>
    public required ulong ExpectedSize { get; init; }

    /// <summary>The ledger's term before; another one in the store refuses the recovery.</summary>
    public required long ExpectedTerm { get; init; }

    /// <summary>Entries from here on were never signed, and are dropped.</summary>
    public required ulong From { get; init; }

    /// <summary>The latest entry below that of each record whose latest entry is dropped; null if there is none.</summary>
    public required IReadOnlyList<(long Rec, DisclosedRow? Before)> Dropped { get; init; }

    /// <summary>The entries that were got back, in order.</summary>
    public required IReadOnlyList<RecoveredEntry> Entries { get; init; }

    /// <summary>What they say last of each record.</summary>
    public required IReadOnlyList<RecoveredRecord> Latest { get; init; }

    /// <summary>The ledger's size after.</summary>
    public required ulong Size { get; init; }

    /// <summary>The compact range after.</summary>
    public required byte[] Range { get; init; }

    /// <summary>The number of live entries after.</summary>
    public required ulong LiveCount { get; init; }

    /// <summary>The bucket sums of the live entries after.</summary>
    public required byte[] Buckets { get; init; }

    /// <summary>Tiles of the new end.</summary>
    public required IReadOnlyList<TileWrite> Tiles { get; init; }

    /// <summary>What this node has of a record whose change number is at most this may be older than what was lost.</summary>
    public required long StaleUpToN { get; init; }

    /// <summary>The moment, in milliseconds since 1970-01-01 UTC.</summary>
    public required long NowMs { get; init; }
}
