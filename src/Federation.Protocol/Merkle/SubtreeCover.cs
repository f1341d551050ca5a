using System.Numerics;

namespace Federation.Protocol.Merkle;

/// <summary>
/// Covers a stretch of a tree with the fewest perfect subtrees (transparency-dev/merkle, docs/compact_ranges.md): what stands for
/// entries that are not shown.
/// </summary>
public static class SubtreeCover
{
    /// <summary>
    /// The subtrees, from left to right, as (level, index): the one at (level, index) covers 2^level leaves from index × 2^level on. At most
    /// 2 × 62 of them; none for an empty stretch.
    /// </summary>
    /// <param name="from">The first leaf.</param>
    /// <param name="to">The leaf after the last one, not below <paramref name="from"/> and below 2^63.</param>
    /// <exception cref="ArgumentOutOfRangeException">The stretch is reversed or reaches 2^63.</exception>
    public static IEnumerable<(int Level, ulong Index)> Of(ulong from, ulong to)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to, (ulong)long.MaxValue);
        return Enumerate(from, to);
    }

    private static IEnumerable<(int Level, ulong Index)> Enumerate(ulong from, ulong to)
    {
        while (from < to)
        {
            var fits = BitOperations.Log2(to - from);
            var level = from == 0 ? fits : Math.Min(BitOperations.TrailingZeroCount(from), fits);
            yield return (level, from >> level);
            from += 1UL << level;
        }
    }
}
