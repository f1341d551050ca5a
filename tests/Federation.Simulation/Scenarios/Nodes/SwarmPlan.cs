using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>Which operations one run knows, and how often each comes; every run draws its own subset.</summary>
internal sealed class SwarmPlan
{
    public bool Drafts { get; init; }

    public bool Markings { get; init; }

    public bool Audiences { get; init; }

    public bool Embargoes { get; init; }

    public bool References { get; init; }

    public bool Annotations { get; init; }

    public bool Forwardable { get; init; }

    public bool Large { get; init; }

    public bool LatePartners { get; init; }

    /// <summary>Weights of publish, revise, withdraw and erase.</summary>
    public required int[] Weights { get; init; }

    /// <summary>How often a client changes at once what it has just written.</summary>
    public double Hurry { get; init; }

    /// <summary>Mean time between two writes of one client.</summary>
    public required TimeSpan WriteEvery { get; init; }

    /// <summary>Mean time between two policies of one institute; zero means that the first ones stay.</summary>
    public required TimeSpan PolicyEvery { get; init; }

    public static SwarmPlan Draw(Rng rng, TimeSpan turmoil) => new()
    {
        Drafts = rng.Chance(0.5),
        Markings = rng.Chance(0.8),
        Audiences = rng.Chance(0.6),
        Embargoes = rng.Chance(0.5),
        References = rng.Chance(0.7),
        Annotations = rng.Chance(0.6),
        Forwardable = rng.Chance(0.4),
        Large = rng.Chance(0.3),
        LatePartners = rng.Chance(0.4),
        Hurry = rng.Chance(0.6) ? 0.7 * rng.Unit() : 0,
        Weights = [4 + rng.Below(8), rng.Chance(0.9) ? 1 + rng.Below(12) : 0, rng.Chance(0.6) ? 1 + rng.Below(3) : 0, rng.Chance(0.6) ? 1 + rng.Below(3) : 0],
        WriteEvery = rng.Between(turmoil / 120, turmoil / 25),
        PolicyEvery = rng.Chance(0.8) ? rng.Between(turmoil / 20, turmoil / 3) : TimeSpan.Zero,
    };
}
