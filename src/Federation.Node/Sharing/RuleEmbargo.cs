namespace Federation.Node.Sharing;

/// <summary>Until when a rule holds back: a moment, and a time after publication; the later of the two counts.</summary>
/// <param name="UntilMs">The moment, in milliseconds since 1970-01-01 UTC; 0 means none.</param>
/// <param name="AfterPublicationMs">The time after publication, in milliseconds; 0 means none.</param>
internal readonly record struct RuleEmbargo(long UntilMs, long AfterPublicationMs)
{
    /// <summary>The release of what is never released.</summary>
    public const long Never = long.MaxValue;

    /// <summary>Whether nothing is held back.</summary>
    public bool IsNone => this == default;

    /// <summary>The embargo that ends when both have ended.</summary>
    public RuleEmbargo Later(RuleEmbargo other) =>
        new(Math.Max(UntilMs, other.UntilMs), Math.Max(AfterPublicationMs, other.AfterPublicationMs));

    /// <summary>When the embargo ends for a record, in milliseconds since 1970-01-01 UTC; <see cref="Never"/> if nobody knows from when to count.</summary>
    public long ReleaseMs(RecordFacts facts)
    {
        if (AfterPublicationMs == 0)
            return UntilMs;
        if (!facts.TraitsKnown || facts.PublishedMs <= 0)
            return Never;
        var counted = facts.PublishedMs > Never - AfterPublicationMs ? Never : facts.PublishedMs + AfterPublicationMs;
        return Math.Max(UntilMs, counted);
    }
}
