using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>
/// Says how long messages take, from the link and the moment alone, so that traffic of others does not change it. What can be told apart
/// in the observed partner's history never arrives in the same millisecond of a tick as something else of that history: of two
/// things at one moment the schedule picks the first, and would pick another one in the other world.
/// </summary>
/// <remarks>
/// Milliseconds of a tick at the origin: 0 the tick itself; 1 to 6 the visible script; 7, 8 the partner's session calls; 9, 13 its
/// probes; 10 to 12 its credits and receipts, and therefore the idle heads; 14, 16 crashes, of which callers hear seven
/// milliseconds later; 17 starts; 19 cuts. Hidden things take all but 1 to 6. At the partner what the origin sends arrives in even milliseconds.
/// </remarks>
internal sealed class ArrivalSlots(SimWorld world, ulong seed)
{
    public const int TickMs = 20;

    private const int SpreadMs = 30;
    private static readonly int[] s_script = [1, 2, 3, 4, 5, 6];
    private static readonly int[] s_session = [7, 8];
    private static readonly int[] s_probe = [9, 13];
    private static readonly int[] s_credit = [10, 11, 12];
    private static readonly int[] s_answer = [2, 4, 6, 8, 10, 12, 14, 18];
    private static readonly int[] s_even = [0, 2, 4, 6, 8, 10, 12, 14, 16, 18];

    public TimeSpan DelayOf(SimNode from, SimNode to)
    {
        if (from.Name == PairedScenario.HiddenDesk || to.Name == PairedScenario.HiddenDesk)
            return TimeSpan.FromMilliseconds(1);
        var now = (long)Math.Ceiling(world.Now.TotalMilliseconds);
        var arrival = now + 1 + new Rng(seed ^ ((ulong)from.Id << 56) ^ ((ulong)to.Id << 48) ^ (ulong)now).Below(SpreadMs);
        if (SlotsOf(from, to, now) is { } slots)
        {
            while (!slots.Contains((int)(arrival % TickMs)))
                arrival++;
        }

        return TimeSpan.FromMilliseconds(arrival) - world.Now;
    }

    /// <summary>The first moment from now on at which a session's call may be sent.</summary>
    public TimeSpan NextSession => SessionMoment(world.Now);

    /// <summary>The first moment from now on at which a probe may be sent.</summary>
    public TimeSpan NextProbe => Next(world.Now, 3);

    /// <summary>The first moment from the given one on at which a session's call may be sent.</summary>
    public static TimeSpan SessionMoment(TimeSpan from) => Next(from, 1);

    private static TimeSpan Next(TimeSpan from, int remainder)
    {
        var ms = (long)Math.Ceiling(from.TotalMilliseconds);
        while (ms % 4 != remainder)
            ms++;
        return TimeSpan.FromMilliseconds(ms);
    }

    private static int[]? SlotsOf(SimNode from, SimNode to, long nowMs)
    {
        if (from.Name == PairedScenario.ScriptDesk)
            return s_script;
        // A crash waits while a step of the script is under way: its answer never comes in the millisecond of a crash.
        if (to.Name == PairedScenario.ScriptDesk)
            return s_answer;
        if (to.Name == PairedScenario.Observed)
            return s_even;
        if (from.Name != PairedScenario.Observed)
            return null;
        return (nowMs % 4) switch
        {
            1 => s_session,
            3 => s_probe,
            _ => s_credit,
        };
    }
}
