namespace Federation.Simulation.Scenarios;

/// <summary>What one run came to; without a failure it was a good one.</summary>
internal sealed record RunOutcome(ulong Seed, ulong Hash, long Events, string? Failure)
{
    public override string ToString() => $"{Seed} {Hash:x16} {Events}";
}
