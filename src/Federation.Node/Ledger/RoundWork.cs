using Federation.Node.Storage;

namespace Federation.Node.Ledger;

/// <summary>What one round judges.</summary>
internal sealed record RoundWork
{
    /// <summary>The records, by local number.</summary>
    public required IReadOnlyList<long> Recs { get; init; }

    /// <summary>The sweep that the round is part of, whose partner alone is judged for; null judges for every partner that has none under way.</summary>
    public SweepProgress? Sweep { get; init; }

    /// <summary>Whether what refers to a record that comes into sight, or goes out of it, is left to the rounds after the sweep.</summary>
    public bool LeavesReferrers { get; init; }

    /// <summary>What streams wait for: an entry of these that can't be sent any more is superseded, whatever else lets it stand.</summary>
    public IReadOnlySet<(int Partner, long Rec)> Held { get; init; } = new HashSet<(int Partner, long Rec)>();

    /// <summary>What is noted at the end.</summary>
    public required AppendProgress Progress { get; init; }
}
