namespace Federation.Benchmarks.Bars;

/// <summary>The resident memory of both nodes at one moment of a bootstrap.</summary>
internal sealed record MemorySample(TimeSpan At, long Applied, long OriginKiB, long PartnerKiB);
