namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>Whether clients still begin new operations, and how many loops are not at their end yet.</summary>
internal sealed class Season
{
    public bool Calm { get; set; }

    public int Loops { get; set; }

    /// <summary>How often each operation was done.</summary>
    public SortedDictionary<string, int> Done { get; } = new(StringComparer.Ordinal);

    public void Count(string operation) => Done[operation] = Done.GetValueOrDefault(operation) + 1;
}
