namespace Federation.Simulation.World;

/// <summary>SplitMix64, written out so that no runtime version can change a seed's meaning.</summary>
internal sealed class Rng(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A number in [0, bound).</summary>
    public int Below(int bound) => (int)(((UInt128)Next() * (uint)bound) >> 64);

    /// <summary>A number in [low, high], both included.</summary>
    public long Between(long low, long high) => low + (long)(((UInt128)Next() * (UInt128)(high - low + 1)) >> 64);

    public TimeSpan Between(TimeSpan low, TimeSpan high) => TimeSpan.FromTicks(Between(low.Ticks, high.Ticks));

    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => Unit() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>An independent stream; forks with different salts share nothing, and forking draws nothing from this stream.</summary>
    public Rng Fork(ulong salt) => new(new Rng(_state ^ (salt * 0xD6E8FEB86659FD93UL)).Next());

    public Random ToRandom() => new((int)(Next() >> 33));
}
