namespace Federation.Node.Exchange;

/// <summary>The newest head of a partner that this life of the process verified.</summary>
/// <param name="HeadMs">The time that it says; -1 if none came yet.</param>
/// <param name="HeardMs">When it came by the wall clock; 0 if none came yet.</param>
/// <param name="Timestamp">When it came by the monotonic clock, or when the waiting began.</param>
internal sealed record HeardHead(long HeadMs, long HeardMs, long Timestamp);
