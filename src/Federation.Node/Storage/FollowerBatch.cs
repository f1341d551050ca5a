namespace Federation.Node.Storage;

/// <summary>Verified entries of a partner's ledger; committed whole with the cursor, or refused whole.</summary>
internal sealed class FollowerBatch
{
    /// <summary>The partner.</summary>
    public required int Partner { get; init; }

    /// <summary>The size before; another one in the store refuses the batch.</summary>
    public required ulong ExpectedSize { get; init; }

    /// <summary>The last verified head before, as signed, empty if there is none; another one in the store refuses the batch, as does a halted ledger.</summary>
    public required byte[] ExpectedHead { get; init; }

    /// <summary>The moment of receipt, in milliseconds since 1970-01-01 UTC.</summary>
    public required long NowMs { get; init; }

    /// <summary>The items, dense from the expected size on.</summary>
    public required IReadOnlyList<ReceivedItem> Items { get; init; }

    /// <summary>
    /// Whether the ledger is at its end with these items: what an ended incarnation left, and this one never spoke of, is then removed.
    /// </summary>
    public bool EndsPast { get; init; }

    /// <summary>The compact range after the items.</summary>
    public required byte[] Range { get; init; }

    /// <summary>The number of live entries after the items.</summary>
    public required ulong LiveCount { get; init; }

    /// <summary>The bucket sums of the live entries after the items.</summary>
    public required byte[] Buckets { get; init; }

    /// <summary>The verified head at the end of the items, as signed.</summary>
    public required byte[] Head { get; init; }

    /// <summary>The signature under that head.</summary>
    public required byte[] HeadSignature { get; init; }
}
