using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>How slow and how deadly the stores of one run are.</summary>
internal sealed class StoreWeather
{
    public double SlowChance { get; init; }

    public TimeSpan SlowMax { get; init; } = TimeSpan.FromMilliseconds(1);

    public double CrashBeforeWrite { get; init; }

    public double CrashAfterCommit { get; init; }

    /// <summary>How often a write finds the disk full.</summary>
    public double Full { get; init; }

    /// <summary>Crashes and full disks happen only while this is set.</summary>
    public bool Faulty { get; set; } = true;

    /// <summary>How often a store killed its node.</summary>
    public int Deaths { get; set; }

    public static StoreWeather Draw(Rng rng) => new()
    {
        SlowChance = rng.Chance(0.6) ? 0.3 * rng.Unit() : 0,
        SlowMax = rng.Between(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(60)),
        CrashBeforeWrite = rng.Chance(0.5) ? 0.004 * rng.Unit() : 0,
        Full = rng.Chance(0.3) ? 0.05 * rng.Unit() : 0,
        CrashAfterCommit = rng.Chance(0.6) ? 0.006 * rng.Unit() : 0,
    };
}
