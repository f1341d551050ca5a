namespace Federation.Node.Sharing;

/// <summary>The values from the least to the most, both included.</summary>
internal readonly record struct ValueRange(long Least, long Most)
{
    /// <summary>Whether the value is in the range.</summary>
    public bool Contains(long value) => value >= Least && value <= Most;

    /// <summary>Whether a test of one range is passed by whatever passes a test of the other; null is no test.</summary>
    public static bool Covers(ValueRange? range, ValueRange? other) =>
        range is not { } outer || (other is { } inner && outer.Least <= inner.Least && outer.Most >= inner.Most);
}
