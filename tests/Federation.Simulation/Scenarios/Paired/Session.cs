namespace Federation.Simulation.Scenarios.Paired;

/// <summary>A stretch of time in which a partner follows.</summary>
internal sealed record Session(TimeSpan From, TimeSpan To, uint MaxBatchEntries);
