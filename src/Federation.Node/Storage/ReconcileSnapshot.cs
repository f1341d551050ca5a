using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>Records and what is disclosed of them, read at one moment.</summary>
internal sealed class ReconcileSnapshot
{
    /// <summary>The candidates, in the order read.</summary>
    public required IReadOnlyList<ReconcileCandidate> Candidates { get; init; }

    /// <summary>The records that candidates refer to, as this node has them (own, and received from any partner).</summary>
    public required IReadOnlyDictionary<RecordName, IReadOnlyList<ReferenceTarget>> Targets { get; init; }

    /// <summary>Where the next request goes on.</summary>
    public required long Position { get; init; }

    /// <summary>Whether there was nothing beyond at the moment of reading.</summary>
    public required bool Exhausted { get; init; }

    /// <summary>The last change number at the moment of reading.</summary>
    public required long AsOfN { get; init; }

    /// <summary>Referrers: the flip that was looked at, advanced to the last candidate; null if there is none.</summary>
    public FlipProgress? Flip { get; init; }

    /// <summary>The earliest timer that is set, in milliseconds since 1970-01-01 UTC; null if there is none.</summary>
    public required long? NextTimerMs { get; init; }
}
