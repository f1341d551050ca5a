using Federation.Node.Storage;

namespace Federation.Node.Ledger;

/// <summary>
/// The time by which embargoes end. Ending one can't be taken back, so the clock has to be vouched for: after each start nothing ends
/// until the wall clock is within five minutes of what at least two partners' fresh signed heads say, or an operator consents. From then
/// on it is never later than the wall clock of that moment plus what a monotonic clock says has passed, so that a wall clock which jumps
/// forward ends nothing early. One that jumps back only delays; no moment that was given is ever taken back.
/// </summary>
internal sealed class ReleaseClock(TimeProvider time)
{
    /// <summary>How far the wall clock may be from what partners say.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    // Idle partners send a head every 30 seconds.
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(2);

    private const int WitnessesNeeded = 2;

    private readonly Lock gate = new();

    // Guarded by the gate: the latest head of each partner; the anchor of the monotonic clock once trusted; the latest moment given.
    private readonly SortedDictionary<int, (long HeadMs, long HeardTimestamp)> heard = [];
    private (long WallMs, long Timestamp)? anchor;
    private bool consented;
    private long givenMs;
    private TaskCompletionSource trustGained = NewSignal();

    /// <summary>Now, in milliseconds since 1970-01-01 UTC; it stands still while the clock is not trusted.</summary>
    public long NowMs
    {
        get
        {
            lock (gate)
            {
                if (anchor is { } from)
                    givenMs = Math.Max(givenMs, Math.Min(WallMs(), from.WallMs + ElapsedMs(from.Timestamp)));
                return givenMs;
            }
        }
    }

    /// <summary>Completes once the clock is trusted.</summary>
    public Task Trusted
    {
        get
        {
            lock (gate)
                return trustGained.Task;
        }
    }

    /// <summary>Takes over the moment up to which embargoes had ended when the node last appended.</summary>
    public async Task LoadAsync(INodeStore store, CancellationToken cancellationToken)
    {
        var released = (await store.ReadNodeAsync(cancellationToken)).ReleasedToMs;
        lock (gate)
            givenMs = Math.Max(givenMs, released);
    }

    /// <summary>Takes the time in a partner's head, just received and verified.</summary>
    public void Hear(int partner, long headMs)
    {
        lock (gate)
        {
            heard[partner] = (headMs, time.GetTimestamp());
            // Vouched for once more, the clock may go on from the wall: a machine that slept has lost monotonic time.
            if (IsVouchedFor())
                Trust();
        }
    }

    /// <summary>An operator says that the wall clock is right.</summary>
    public void Confirm()
    {
        lock (gate)
        {
            consented = true;
            Trust();
        }
    }

    /// <summary>Reads the clock's state for operators.</summary>
    public ReleaseClockState Read()
    {
        var nowMs = NowMs;
        lock (gate)
        {
            var wallMs = WallMs();
            return new ReleaseClockState(
                wallMs, nowMs, anchor is not null, consented,
                [.. heard.Select(h => (h.Key, h.Value.HeadMs + ElapsedMs(h.Value.HeardTimestamp) - wallMs, ElapsedMs(h.Value.HeardTimestamp)))]);
        }
    }

    // The lower of the two middle ones counts where their number is even: of two partners neither alone can make an early clock look right.
    private bool IsVouchedFor()
    {
        var fresh = heard.Values.Where(h => time.GetElapsedTime(h.HeardTimestamp) <= Freshness).Select(h => h.HeadMs + ElapsedMs(h.HeardTimestamp)).Order().ToList();
        return fresh.Count >= WitnessesNeeded && Math.Abs(WallMs() - fresh[(fresh.Count - 1) / 2]) <= Tolerance.TotalMilliseconds;
    }

    private void Trust()
    {
        anchor = (WallMs(), time.GetTimestamp());
        trustGained.TrySetResult();
    }

    private long WallMs() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private long ElapsedMs(long timestamp) => (long)time.GetElapsedTime(timestamp).TotalMilliseconds;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
