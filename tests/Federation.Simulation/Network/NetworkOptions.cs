using Federation.Simulation.World;

namespace Federation.Simulation.Network;

/// <summary>The network's manners in one run. Faults happen only while <see cref="Faulty"/> is set; delays always.</summary>
internal sealed class NetworkOptions
{
    public TimeSpan DelayMin { get; set; } = TimeSpan.FromMicroseconds(100);

    public TimeSpan DelayMax { get; set; } = TimeSpan.FromMilliseconds(2);

    public double TailChance { get; set; } = 0.01;

    public TimeSpan TailMax { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a connection whose peer went silent stays open.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Share of broken connections that say nothing and end only by keep-alive or deadline.</summary>
    public double SilentShare { get; set; } = 0.3;

    public double DropRequestChance { get; set; }

    public double DropReplyChance { get; set; }

    /// <summary>A unary request that arrives twice, as behind a retrying proxy.</summary>
    public double DuplicateChance { get; set; }

    /// <summary>A server stream cut after a few messages.</summary>
    public double CutChance { get; set; }

    public bool Faulty { get; set; }

    /// <summary>How far a server may write ahead of its reader; the write that passes a bound waits.</summary>
    public int WindowMessages { get; set; } = 32;

    public int WindowBytes { get; set; } = 128 * 1024;

    public int MessageBytesMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>Says how long each message takes, in the place of a draw; null draws.</summary>
    public Func<SimNode, SimNode, TimeSpan>? DelayOf { get; init; }

    public static NetworkOptions Draw(Rng rng) => new()
    {
        DelayMax = rng.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(80)),
        TailChance = 0.05 * rng.Unit(),
        TailMax = rng.Between(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(3)),
        DropRequestChance = rng.Chance(0.7) ? 0.05 * rng.Unit() : 0,
        DropReplyChance = rng.Chance(0.7) ? 0.05 * rng.Unit() : 0,
        DuplicateChance = rng.Chance(0.3) ? 0.03 * rng.Unit() : 0,
        CutChance = rng.Chance(0.7) ? 0.2 * rng.Unit() : 0,
        WindowMessages = 1 << rng.Below(6),
        WindowBytes = 1024 << rng.Below(8),
        Faulty = true,
    };
}
