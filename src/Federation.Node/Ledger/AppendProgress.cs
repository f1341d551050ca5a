using Federation.Node.Storage;

namespace Federation.Node.Ledger;

/// <summary>What is noted in the same transaction as the last entries of a round.</summary>
internal sealed record AppendProgress
{
    /// <summary>Nothing beside the entries.</summary>
    public static AppendProgress None { get; } = new();

    /// <summary>How far the changes of records are dealt with; null leaves it.</summary>
    public long? Position { get; init; }

    /// <summary>How far a sweep has come; null leaves it.</summary>
    public SweepProgress? Sweep { get; init; }

    /// <summary>Timers that are acted on.</summary>
    public IReadOnlyList<(long AtMs, int Partner, long Rec)> TimersCleared { get; init; } = [];

    /// <summary>Flips whose referrers are judged.</summary>
    public IReadOnlyList<(int Partner, long Target)> FlipsDone { get; init; } = [];

    /// <summary>What concerns some partners only.</summary>
    public AppendProgress Of(IReadOnlyCollection<int> partners) => this with
    {
        TimersCleared = [.. TimersCleared.Where(timer => partners.Contains(timer.Partner))],
        FlipsDone = [.. FlipsDone.Where(flip => partners.Contains(flip.Partner))],
    };
}
