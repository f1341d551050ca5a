namespace Federation.Node.Ledger;

/// <summary>How the clock that embargoes are held against stands.</summary>
/// <param name="WallMs">The wall clock, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="ReleasedToMs">The moment up to which embargoes have ended.</param>
/// <param name="Trusted">Whether embargoes end.</param>
/// <param name="Consented">Whether an operator said that the wall clock is right.</param>
/// <param name="Witnesses">For each partner that was heard, how far its clock is ahead, and how old its last head is, in milliseconds.</param>
internal sealed record ReleaseClockState(
    long WallMs, long ReleasedToMs, bool Trusted, bool Consented, IReadOnlyList<(int Partner, long AheadMs, long AgeMs)> Witnesses);
