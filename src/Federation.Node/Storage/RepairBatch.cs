using Federation.Protocol.Heads;

namespace Federation.Node.Storage;

/// <summary>An entry of a followed ledger that was lost or never shown, proven again, or a new count of live entries; committed whole or refused whole.</summary>
internal sealed class RepairBatch
{
    /// <summary>The partner.</summary>
    public required int Partner { get; init; }

    /// <summary>The follower's size, which does not change; another one in the store refuses the batch.</summary>
    public required ulong ExpectedSize { get; init; }

    /// <summary>The moment of receipt, in milliseconds since 1970-01-01 UTC.</summary>
    public required long NowMs { get; init; }

    /// <summary>The entry; null if there is none.</summary>
    public RepairItem? Item { get; init; }

    /// <summary>The live entries as they now are, to be counted anew; null leaves count and sums.</summary>
    public LiveSet? Live { get; init; }
}
