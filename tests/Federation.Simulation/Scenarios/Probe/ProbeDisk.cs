namespace Federation.Simulation.Scenarios.Probe;

/// <summary>What one node keeps over crashes: its own log, and its copy of each peer's.</summary>
internal sealed class ProbeDisk
{
    public List<byte[]> Own { get; } = [];

    /// <summary>By the peer's name.</summary>
    public SortedDictionary<string, List<byte[]>> Copies { get; } = new(StringComparer.Ordinal);
}
