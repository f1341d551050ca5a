namespace Federation.Node.Ledger;

/// <summary>
/// The time by which embargoes end: never later than the start of the process plus what a monotonic clock says has passed since, so
/// that a wall clock which jumps forward releases nothing early. One that jumps back only delays.
/// </summary>
internal sealed class ReleaseClock
{
    private readonly TimeProvider time;
    private readonly long startedMs;
    private readonly long startedTimestamp;

    public ReleaseClock(TimeProvider time)
    {
        this.time = time;
        startedMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        startedTimestamp = time.GetTimestamp();
    }

    /// <summary>Now, in milliseconds since 1970-01-01 UTC.</summary>
    public long NowMs =>
        Math.Min(time.GetUtcNow().ToUnixTimeMilliseconds(), startedMs + (long)time.GetElapsedTime(startedTimestamp).TotalMilliseconds);
}
