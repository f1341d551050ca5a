using Federation.Node.Storage;
using Federation.Simulation.World;
using SQLitePCL;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>
/// Real nodes of three to five institutes that all share with and follow each other, through crashes of processes, partitions, cuts and
/// stalls, while their clients write and their operators change policies. Then the faults stop, and everybody has to hold exactly what
/// everybody else lets them see.
/// </summary>
internal sealed class FederationScenario(TimeSpan turmoil, Func<INodeStore, NodeLife, INodeStore>? planted = null) : Scenario
{
    private static readonly TimeSpan s_longestPlan = TimeSpan.FromMinutes(15);
    private static readonly string[] s_names = ["alpha", "beta", "gamma", "delta", "epsilon"];

    private Population? _population;
    private Nemesis? _nemesis;

    public override TimeSpan Turmoil => turmoil;

    public override TimeSpan Settling => TimeSpan.FromMinutes(4);

    public override void Prepare() => Batteries_V2.Init();

    public override void Build(SimWorld world, Rng rng)
    {
        _population = new Population(world, rng, turmoil < s_longestPlan ? turmoil : s_longestPlan, planted ?? ((store, _) => store));
        foreach (var name in s_names.Take(3 + rng.Below(3)))
            _population.Add(name, rng.Between(TimeSpan.Zero, TimeSpan.FromSeconds(3)));
        _population.Start(rng.Fork(4));
        _population.AuditEvery(turmoil / 12);
        List<SimNode> nodes = [.. _population.Institutes.Select(institute => institute.Node)];
        _nemesis = new Nemesis(world, _population.Network, rng.Fork(5), nodes) { Interval = TimeSpan.FromSeconds(rng.Between(15, 90)) };
        _nemesis.Start();
    }

    public override void Calm(SimWorld world)
    {
        _population!.Calm();
        _nemesis!.Calm();
    }

    public override void Check(SimWorld world) => _population!.Check();

    public override void CleanUp() => _population?.CleanUp();
}
