namespace Federation.Node.Storage;

/// <summary>New entries of one partner's ledger.</summary>
internal sealed class PartnerAppend
{
    /// <summary>The partner.</summary>
    public required int Partner { get; init; }

    /// <summary>The ledger's incarnation; another one in the store refuses the batch.</summary>
    public required uint Incarnation { get; init; }

    /// <summary>The ledger's size before; another one in the store refuses the batch.</summary>
    public required ulong ExpectedSize { get; init; }

    /// <summary>By what the entries were judged.</summary>
    public required DecisionContext Context { get; init; }

    /// <summary>The entries, dense from the expected size on.</summary>
    public required IReadOnlyList<LedgerEntry> Entries { get; init; }

    /// <summary>What decided each entry.</summary>
    public required IReadOnlyList<EntryDecision> Decisions { get; init; }

    /// <summary>The compact range after the entries.</summary>
    public required byte[] Range { get; init; }

    /// <summary>The number of live entries after the entries.</summary>
    public required ulong LiveCount { get; init; }

    /// <summary>The bucket sums of the live entries after the entries.</summary>
    public required byte[] Buckets { get; init; }

    /// <summary>Tiles that were completed or grew.</summary>
    public required IReadOnlyList<TileWrite> Tiles { get; init; }
}
