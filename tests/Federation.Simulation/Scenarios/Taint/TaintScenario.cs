using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios.Taint;

/// <summary>One node that does something forbidden: the simulator must notice, or its verdicts are worth nothing.</summary>
internal sealed class TaintScenario(Func<NodeLife, Task> misdeed) : Scenario
{
    public override TimeSpan Turmoil => TimeSpan.FromSeconds(10);

    public override TimeSpan Settling => TimeSpan.Zero;

    public override void Build(SimWorld world, Rng rng) => world.Start(world.AddNode("tainted", misdeed));

    public override void Calm(SimWorld world)
    {
    }

    public override void Check(SimWorld world)
    {
    }
}
