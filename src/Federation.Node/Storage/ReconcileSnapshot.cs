using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>Records and what is disclosed of them, read at one moment.</summary>
internal sealed class ReconcileSnapshot
{
    /// <summary>The candidates, in the order asked for.</summary>
    public required IReadOnlyList<ReconcileCandidate> Candidates { get; init; }

    /// <summary>The records that candidates refer to, as this node has them (own, and received from any partner).</summary>
    public required IReadOnlyDictionary<RecordName, IReadOnlyList<ReferenceTarget>> Targets { get; init; }

    /// <summary>The last change number at the moment of reading.</summary>
    public required long AsOfN { get; init; }

    /// <summary>The holes of each partner's ledger that has any.</summary>
    public IReadOnlyDictionary<int, LedgerHoles> Holes { get; init; } = new Dictionary<int, LedgerHoles>();
}
