namespace Federation.Node.Storage;

/// <summary>Records that wait to be judged again. Partners with a sweep under way are left out of timers: theirs wait for its end.</summary>
/// <param name="Recs">
/// The local numbers in the order of the records' public ids, so that what a partner gets stands in an order that nothing hidden moves: not
/// the moments of hidden changes, nor those at which records came to be before they were visible.
/// </param>
/// <param name="Timers">The timers that have come due, to be cleared when their records are judged.</param>
/// <param name="UpToN">Every change up to this number is among them.</param>
/// <param name="NextTimerMs">The earliest timer after those, in milliseconds since 1970-01-01 UTC; null if there is none.</param>
internal sealed record PendingWork(
    IReadOnlyList<long> Recs, IReadOnlyList<(long AtMs, int Partner, long Rec)> Timers, long UpToN, long? NextTimerMs);
