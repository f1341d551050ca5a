namespace Federation.Node.Storage;

/// <summary>What waits to be judged again. Partners with a sweep under way are left out of timers and flips: theirs wait for its end.</summary>
/// <param name="Recs">The local numbers of the records, ascending.</param>
/// <param name="Timers">The timers that have come due, to be cleared when their records are judged.</param>
/// <param name="Flips">
/// Records that came into sight of a partner or went out of it, or were about to, by local number, whose referrers were not all judged again
/// since: in a sweep, or before a stop or a refusal.
/// </param>
/// <param name="UpToN">Every change up to this number is among the records.</param>
/// <param name="NextTimerMs">The earliest timer after those, in milliseconds since 1970-01-01 UTC; null if there is none.</param>
internal sealed record PendingWork(
    IReadOnlyList<long> Recs,
    IReadOnlyList<(long AtMs, int Partner, long Rec)> Timers,
    IReadOnlyList<(int Partner, long Target)> Flips,
    long UpToN,
    long? NextTimerMs)
{
    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => Recs.Count == 0 && Flips.Count == 0;
}
