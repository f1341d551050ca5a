using System.Numerics;
using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios;

/// <summary>Runs seeds of one scenario in this process, whose thread pool it takes for itself.</summary>
internal sealed class Runner
{
    private const int RunsBetweenCollections = 16;
    private readonly Func<Scenario> _create;
    private readonly Watchdog _watchdog = new();
    private int _runs;

    public Runner(Func<Scenario> create)
    {
        _create = create;
        create().Prepare();
        PoolTap.Capture();
    }

    public RunOutcome Run(ulong seed, TextWriter? trace)
    {
        var scenario = _create();
        var outcome = Run(scenario, seed, trace);
        if (outcome.Failure is not null || scenario.Twin is not { } twin)
            return outcome;
        var other = Run(twin, seed, trace);
        return other with { Hash = outcome.Hash ^ BitOperations.RotateLeft(other.Hash, 1), Events = outcome.Events + other.Events };
    }

    private RunOutcome Run(Scenario scenario, ulong seed, TextWriter? trace)
    {
        Tidy();
        using var world = new SimWorld(seed, trace);
        _watchdog.Guard(world);
        try
        {
            scenario.Build(world, world.Rng.Fork(10));
            world.RunFor(scenario.Turmoil);
            scenario.Calm(world);
            world.RunFor(scenario.Settling);
            if (world.Fatal is null)
                scenario.Check(world);
        }
        catch (Exception exception)
        {
            world.Fail(exception.ToString());
        }

        world.Dispose();
        scenario.CleanUp();
        _watchdog.Guard(null);
        return new RunOutcome(seed, world.Hash, world.Events, world.Fatal);
    }

    /// <summary>Finalizers of ended runs act here, between runs, and what they queue is dropped.</summary>
    private void Tidy()
    {
        if (_runs++ % RunsBetweenCollections == 0)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        PoolTap.Discard();
    }
}
