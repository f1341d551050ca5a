using System.Numerics;

namespace Federation.Protocol.Records;

/// <summary>A set of part types as a bit mask, one bit for each content of the message Part.</summary>
public readonly record struct PartTypeSet
{
    /// <summary>The most part types that a set can tell apart.</summary>
    public const int Capacity = 128;

    private readonly ulong _low;
    private readonly ulong _high;

    private PartTypeSet(ulong low, ulong high)
    {
        _low = low;
        _high = high;
    }

    /// <summary>The set without types.</summary>
    public static PartTypeSet Empty => default;

    /// <summary>Whether the set has no types.</summary>
    public bool IsEmpty => (_low | _high) == 0;

    /// <summary>How many types the set has.</summary>
    public int Count => BitOperations.PopCount(_low) + BitOperations.PopCount(_high);

    /// <summary>The set of the given field numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is no part type.</exception>
    public static PartTypeSet Of(params ReadOnlySpan<int> types)
    {
        var set = Empty;
        foreach (var type in types)
        {
            var index = PartTypes.IndexOf(type);
            ArgumentOutOfRangeException.ThrowIfNegative(index, nameof(types));
            set = set.Union(index < 64 ? new PartTypeSet(1UL << index, 0) : new PartTypeSet(0, 1UL << (index - 64)));
        }
        return set;
    }

    /// <summary>Whether the set has the part type with this index (see <see cref="PartTypes.IndexOf"/>).</summary>
    public bool ContainsIndex(int index) => (((index < 64 ? _low : _high) >> (index & 63)) & 1) != 0;

    /// <summary>Whether the set has the type with this field number; false for a number that is no part type.</summary>
    public bool Contains(int type)
    {
        var index = PartTypes.IndexOf(type);
        return index >= 0 && ContainsIndex(index);
    }

    /// <summary>The types of either set.</summary>
    public PartTypeSet Union(PartTypeSet other) => new(_low | other._low, _high | other._high);

    /// <summary>The types of both sets.</summary>
    public PartTypeSet Intersect(PartTypeSet other) => new(_low & other._low, _high & other._high);

    /// <summary>The types of this set that <paramref name="other"/> does not have.</summary>
    public PartTypeSet Except(PartTypeSet other) => new(_low & ~other._low, _high & ~other._high);

    /// <summary>The field numbers in ascending order.</summary>
    public int[] ToTypes()
    {
        var types = new List<int>(Count);
        foreach (var type in PartTypes.All)
        {
            if (Contains(type))
                types.Add(type);
        }
        return [.. types];
    }
}
