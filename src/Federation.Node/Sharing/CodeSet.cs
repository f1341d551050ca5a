namespace Federation.Node.Sharing;

/// <summary>A set of small numbers of an enumeration; the empty one stands for a test that a rule does not have.</summary>
internal readonly record struct CodeSet(uint Bits)
{
    /// <summary>One more than the largest number that a set can hold.</summary>
    public const int Bound = 32;

    /// <summary>Whether nothing is in the set.</summary>
    public bool IsEmpty => Bits == 0;

    /// <summary>The set of the given numbers, each below <see cref="Bound"/>.</summary>
    public static CodeSet Of(IEnumerable<int> codes) => new(codes.Aggregate(0u, (bits, code) => bits | (1u << code)));

    /// <summary>Whether the number is in the set.</summary>
    public bool Contains(int code) => (uint)code < Bound && (Bits & (1u << code)) != 0;

    /// <summary>Whether a test of this set is passed by whatever passes a test of the other one; the empty set is no test.</summary>
    public bool Covers(CodeSet other) => IsEmpty || (!other.IsEmpty && (other.Bits & ~Bits) == 0);

    /// <summary>The numbers in ascending order.</summary>
    public IEnumerable<int> ToCodes()
    {
        var bits = Bits;
        return Enumerable.Range(0, Bound).Where(code => (bits & (1u << code)) != 0);
    }
}
