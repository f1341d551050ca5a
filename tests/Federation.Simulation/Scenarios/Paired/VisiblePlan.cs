using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>Everything that both worlds of a pair have in common, drawn from the seed alone.</summary>
internal sealed class VisiblePlan
{
    private static readonly uint[] s_batches = [0, 0, 1, 5, 12, 16, 100];

    public required TimeSpan Length { get; init; }

    public required IReadOnlyList<ScriptStep> Steps { get; init; }

    /// <summary>When the observed partner follows.</summary>
    public required IReadOnlyList<Session> Sessions { get; init; }

    /// <summary>When the observed partner asks something odd, with what each probe draws from.</summary>
    public required IReadOnlyList<(TimeSpan At, ulong Draw)> Probes { get; init; }

    /// <summary>When the origin's process is killed, and for how long it is down.</summary>
    public required IReadOnlyList<(TimeSpan At, TimeSpan Down)> Crashes { get; init; }

    /// <summary>When the connection of the observed partner is lost.</summary>
    public required IReadOnlyList<TimeSpan> Cuts { get; init; }

    public static VisiblePlan Draw(Rng rng, PairedOptions options)
    {
        var length = options.Long ? TimeSpan.FromMinutes(80) : TimeSpan.FromSeconds(rng.Between(25, 80));
        return new VisiblePlan
        {
            Length = length,
            Steps = new ScriptWriter(rng.Fork(1), options).Write(length),
            Sessions = options.Long ? [new Session(TimeSpan.FromSeconds(3), length, 0)] : DrawSessions(rng.Fork(2), length),
            Probes = [.. Moments(rng.Fork(3), length, 25 + rng.Below(50)).Select(at => (at, rng.Next()))],
            // Of two that come to one moment, as one waits for a step of the script, the schedule would pick.
            Crashes = options.Long ? [] : [.. Moments(rng.Fork(4), length, rng.Below(3)).Select((at, number) => DrawCrash(rng, at, number == 0 ? 14 : 16))],
            Cuts = options.Long ? [] : [.. Moments(rng.Fork(5), length, rng.Below(3)).Select(at => At(at, 12))],
        };
    }

    public static List<Session> DrawSessions(Rng rng, TimeSpan length)
    {
        var sessions = new List<Session>();
        for (var at = rng.Between(TimeSpan.Zero, Ms(9000)); at < length;)
        {
            var end = at + rng.Between(Ms(300), Ms(45_000));
            sessions.Add(new Session(at, end, rng.Pick(s_batches)));
            at = end + rng.Between(Ms(50), Ms(12_000));
        }

        return sessions;
    }

    /// <summary>Random moments of whole milliseconds, in order.</summary>
    public static IEnumerable<TimeSpan> Moments(Rng rng, TimeSpan length, int count) =>
        Enumerable.Range(0, count).Select(_ => Ms(rng.Between(200, (long)length.TotalMilliseconds))).Order();

    public static TimeSpan Ms(long milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    // The process starts again in a millisecond of its own.
    private static (TimeSpan At, TimeSpan Down) DrawCrash(Rng rng, TimeSpan moment, int millisecondOfTick) =>
        (At(moment, millisecondOfTick), Ms((rng.Between(5, 150) * ArrivalSlots.TickMs) + 17 - millisecondOfTick));

    private static TimeSpan At(TimeSpan moment, int millisecondOfTick)
    {
        var ms = (long)moment.TotalMilliseconds;
        return Ms(ms - (ms % ArrivalSlots.TickMs) + millisecondOfTick);
    }
}
