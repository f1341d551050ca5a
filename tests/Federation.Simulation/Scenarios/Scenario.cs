using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios;

// How to write a scenario
//
// 1. Derive from Scenario and add a line to ScenarioCatalog. One instance is made for each run and holds the run's state.
//    `Federation.Simulation simulate --scenario NAME --seeds 1-100 --twice` runs it; `--trace FILE` writes every event, and
//    the first line in which the traces of two runs differ names the place where they parted.
//
// 2. Build draws what differs between runs from `rng`, makes a SimNetwork, adds nodes and starts them:
//      var node = world.AddNode("alpha", life => BootAsync(life));
//      node.Disk = ...;                    what survives a crash; everything else must be built by the boot function
//      world.Start(node);
//
// 3. The boot function builds the production object graph of one life:
//      life.Time                           TimeProvider with this node's skew
//      life.Random                         System.Random for jitter and the like
//      life.SecureBytes.Fill               the secure source (keys, salts, nonces); life.Ids() gives UInt128
//      network.Connect(life, peer, port)   CallInvoker for a generated client
//      network.Listen(life, options)       ServiceBinderBase: Service.BindService(binder, endpoint); options name the port, the
//                                          caller in UserState["federation.caller"], interceptors, and an error translator
//      life.Own(handle)                    what the kernel closes when the process dies (database connections)
//      await life.StartServiceAsync(s)     starts an IHostedService; a BackgroundService that fails then fails the run
//      life.Watch(name, task)              the same for any other loop
//      life.Exit(reason)                   the process gives up by itself
//      life.Loggers                        ILoggerFactory: logs become part of the trace and the hash, and an Error fails the run
//                                          unless world.ToleratedErrors names its category
//
// 4. Operations and faults are planned on virtual time:
//      world.At(due, node, "publish", life => ...)   an operation in the node's life then; it falls away if the node is down
//      world.At(due, () => ...)                      an act of the world: it may crash, start, stall, block, cut; it must not
//                                                    complete a task that a node awaits
//      new Nemesis(world, network, rng, nodes).Start()   random crashes, restarts, partitions, cuts, stalls
//    An operation that expects an RpcException catches it; one that escapes fails the run.
//
// 5. The runner lets Turmoil pass, calls Calm (the network heals, all nodes run), lets Settling pass, and calls Check, which
//    throws or calls world.Fail. Check may read disks, or ask a node through its own API:
//      var head = world.Ask(node, life => client.GetHeadAsync(...).ResponseAsync, TimeSpan.FromSeconds(10));
//    Invariants that must hold at every moment belong where the event happens: world.Fail("what is wrong").
//
//    A scenario with a Twin is run in two worlds, one after the other; the twin's Check compares what both have seen.
//
// 6. No statics, real clocks, real randomness, threads or blocking calls in anything that runs; the traps name most offenders.
//    A process-wide initialisation that starts a system timer belongs into Prepare, which runs once before the first run.

/// <summary>One family of runs: builds a world from a seed, lets it live, and judges it.</summary>
internal abstract class Scenario
{
    public virtual TimeSpan Turmoil => TimeSpan.FromMinutes(10);

    public virtual TimeSpan Settling => TimeSpan.FromMinutes(2);

    /// <summary>Another world, run after this one with the same seed and judged against it; null for most scenarios.</summary>
    public virtual Scenario? Twin => null;

    /// <summary>Runs once in a process, before its first world.</summary>
    public virtual void Prepare()
    {
    }

    public abstract void Build(SimWorld world, Rng rng);

    public abstract void Calm(SimWorld world);

    public abstract void Check(SimWorld world);

    /// <summary>Runs after every run, good or failed: files of the run are deleted here.</summary>
    public virtual void CleanUp()
    {
    }
}
