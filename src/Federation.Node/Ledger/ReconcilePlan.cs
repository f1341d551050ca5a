using Federation.Node.Storage;

namespace Federation.Node.Ledger;

/// <summary>What one snapshot calls for.</summary>
internal sealed class ReconcilePlan
{
    /// <summary>The entries for each partner, in the order of the candidates.</summary>
    public SortedDictionary<int, List<PlannedEntry>> Entries { get; } = [];

    /// <summary>The change number of each record that an entry was planned for.</summary>
    public Dictionary<long, long> Judged { get; } = [];

    /// <summary>Signatures of forwardable views.</summary>
    public Dictionary<Protocol.Records.Digest, ViewSignature> Signatures { get; } = [];

    /// <summary>Timers to set.</summary>
    public List<(long AtMs, int Partner, long Rec)> TimersSet { get; } = [];

    /// <summary>Timers that were acted on.</summary>
    public List<(long AtMs, int Partner, long Rec)> TimersCleared { get; } = [];
}
