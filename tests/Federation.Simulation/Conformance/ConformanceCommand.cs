using Federation.Simulation.Network;
using Federation.Simulation.Probe.V1;
using Federation.Simulation.World;

namespace Federation.Simulation.Conformance;

/// <summary><c>conformance SEEDS</c>: every case over the simulated network, once for each seed.</summary>
internal static class ConformanceCommand
{
    /// <summary>Prints <c>name outcome</c>; a case whose outcome hangs on the schedule gets more than one line.</summary>
    public static int Run(int seeds)
    {
        PoolTap.Capture();
        var watchdog = new Watchdog();
        foreach (var (name, run) in ConformanceCases.All)
        {
            var outcomes = new SortedSet<string>(StringComparer.Ordinal);
            for (var seed = 1; seed <= seeds; seed++)
                outcomes.Add(RunOne((ulong)seed, run, watchdog));
            foreach (var outcome in outcomes)
                Console.WriteLine($"{name} {outcome}");
        }

        return 0;
    }

    private static string RunOne(ulong seed, Func<ConformanceStage, Task<string>> run, Watchdog watchdog)
    {
        using var world = new SimWorld(seed, null);
        watchdog.Guard(world);
        var network = new SimNetwork(world, new NetworkOptions());
        var seen = new Sightings();
        var server = world.AddNode("server", life =>
        {
            var binder = network.Listen(life, new ListenOptions { Interceptors = [new TranslatingInterceptor()] });
            BehaviourService.BindService(binder, new BehaviourEndpoint(seen, life.Time));
            return Task.CompletedTask;
        });
        var nowhere = world.AddNode("nowhere", static _ => Task.CompletedTask);
        var client = world.AddNode("client", static _ => Task.CompletedTask);
        foreach (var node in world.Nodes)
            world.Start(node);
        world.RunFor(TimeSpan.FromSeconds(1));
        try
        {
            return world.Ask(
                client,
                life => run(new ConformanceStage(network.Connect(life, server), network.Connect(life, nowhere), life.Time, seen)),
                TimeSpan.FromMinutes(5));
        }
        catch (InvalidOperationException exception)
        {
            return $"FAILED seed {seed}: {exception.Message.ReplaceLineEndings(" ")}";
        }
    }
}
