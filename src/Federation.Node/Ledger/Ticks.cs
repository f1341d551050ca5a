namespace Federation.Node.Ledger;

/// <summary>
/// The moments at which ledgers are published: multiples of 20 ms of the wall clock, to its full precision, so that the moment of a
/// publication says nothing of when its reason came up.
/// </summary>
internal static class Ticks
{
    /// <summary>The time from now to the next tick; none at a tick.</summary>
    public static TimeSpan UntilNext(TimeProvider time)
    {
        var past = time.GetUtcNow().Ticks % Publication.Tick.Ticks;
        return past == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Publication.Tick.Ticks - past);
    }

    /// <summary>The number of the last tick: equal at two moments between which there was none.</summary>
    public static long Number(TimeProvider time) => time.GetUtcNow().Ticks / Publication.Tick.Ticks;

    /// <summary>Completes at the next tick; at once at a tick.</summary>
    public static async Task AlignAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var left = UntilNext(time);
        if (left == TimeSpan.Zero)
            return;
        // The library's delay drops fractions of a millisecond; a timer keeps them as far as the clock does.
        var tick = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var timer = time.CreateTimer(static source => ((TaskCompletionSource)source!).TrySetResult(), tick, left, Timeout.InfiniteTimeSpan);
        await tick.Task.WaitAsync(cancellationToken);
    }
}
