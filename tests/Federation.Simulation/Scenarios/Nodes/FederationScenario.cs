using Federation.Node.Storage;
using Federation.Simulation.Network;
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
    private static readonly string[] s_names = ["alpha", "beta", "gamma", "delta", "epsilon"];

    private readonly List<SimulatedInstitute> _institutes = [];
    private readonly List<(SimNode Node, OperatorClient Client)> _operators = [];
    private readonly ReferenceModel _model = new();
    private readonly Season _season = new();
    private string _folder = "";
    private NodeSurroundings _around = null!;
    private Nemesis _nemesis = null!;
    private SwarmPlan _plan = null!;

    public override TimeSpan Turmoil => turmoil;

    public override TimeSpan Settling => TimeSpan.FromMinutes(4);

    public override void Prepare() => Batteries_V2.Init();

    public override void Build(SimWorld world, Rng rng)
    {
        _folder = ScratchFolder.Create();
        _plan = SwarmPlan.Draw(rng.Fork(1), TimeSpan.FromTicks(Math.Min(turmoil.Ticks, TimeSpan.FromMinutes(15).Ticks)));
        var network = new SimNetwork(world, NetworkOptions.Draw(rng.Fork(2)));
        var heads = new HeadWitness(world.Fail);
        _around = new NodeSurroundings
        {
            World = world,
            Network = network,
            Model = _model,
            Weather = StoreWeather.Draw(rng.Fork(3)),
            Heads = heads,
            Audit = new StoreAudit(world.Fail, heads),
            Spoil = planted ?? ((store, _) => store),
        };
        foreach (var name in s_names.Take(3 + rng.Below(3)))
            _institutes.Add(new SimulatedInstitute(_around, name, _folder));
        foreach (var institute in _institutes)
        {
            institute.Node.Skew = rng.Between(TimeSpan.Zero, TimeSpan.FromSeconds(3));
            world.Start(institute.Node);
            AddSystems(world, institute, rng.Fork(100 + (ulong)institute.Node.Id));
        }

        _nemesis = new Nemesis(world, network, rng.Fork(4), [.. _institutes.Select(institute => institute.Node)]) { Interval = TimeSpan.FromSeconds(rng.Between(15, 90)) };
        _nemesis.Start();
        AuditLater(world);
    }

    public override void Calm(SimWorld world)
    {
        _season.Calm = true;
        _around.Weather.Faulty = false;
        _nemesis.Calm();
    }

    public override void Check(SimWorld world)
    {
        if (_season.Loops > 0)
            world.Fail($"{_season.Loops} clients still wait for an answer");
        CheckAll(world);
        var before = _institutes.SelectMany(origin => _institutes, (origin, partner) => _around.Audit.LeavesOf(origin.Id, partner.Id).Count).ToList();
        foreach (var (node, client) in _operators)
            world.Ask(node, _ => client.RepeatPoliciesAsync(), TimeSpan.FromSeconds(60));
        world.RunFor(TimeSpan.FromSeconds(60));
        if (world.Fatal is not null)
            return;
        CheckAll(world);
        var after = _institutes.SelectMany(origin => _institutes, (origin, partner) => _around.Audit.LeavesOf(origin.Id, partner.Id).Count).ToList();
        if (!before.SequenceEqual(after))
            world.Fail($"I8: sweeping again appended {after.Sum() - before.Sum()} entries");
        world.Trace($"{_institutes.Count} institutes, {after.Sum()} entries, {_around.Heads.Count} heads, {_around.Audit.Looks} audits, {_around.Weather.Deaths} deaths in stores");
        world.Trace(string.Join(", ", _season.Done.Select(done => $"{done.Key} {done.Value}")));
    }

    public override void CleanUp()
    {
        _institutes.ForEach(institute => institute.Disk.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private void CheckAll(SimWorld world)
    {
        _institutes.ForEach(_around.Audit.Look);
        if (world.Fatal is null)
            new Convergence(_institutes, _model, world.Fail).Check();
    }

    /// <summary>The institute's clients live on a machine of their own that never fails; their calls do.</summary>
    private void AddSystems(SimWorld world, SimulatedInstitute institute, Rng rng)
    {
        var others = _institutes.Where(other => other != institute).Select(other => other.Institute).ToList();
        var names = others.ConvertAll(other => other.Name);
        OperatorClient? operating = null;
        var systems = world.AddNode($"{institute.Id}-systems", life =>
        {
            var invoker = _around.Network.Connect(life, institute.Node, SimulatedInstitute.OwnPort);
            for (var number = 1UL; number <= 2; number++)
            {
                var maker = new DraftMaker(rng.Fork(number), _plan, $"{institute.Id}{number}", names, () => world.Now);
                var client = new RecordsClient($"{institute.Id}{number}", institute, life, invoker, _model, maker, _plan, _season, rng.Fork(10 + number));
                life.Start($"client {number}", client.RunAsync);
            }

            operating = new OperatorClient(life, invoker, others, _model, _plan, _season, rng.Fork(20));
            _operators.Add((life.Node, operating));
            life.Start("operator", operating.RunAsync);
            return Task.CompletedTask;
        });
        _season.Loops += 3;
        world.Start(systems);
    }

    private void AuditLater(SimWorld world) => world.At(world.Now + turmoil / 12, () =>
    {
        foreach (var institute in _institutes.Where(institute => institute.Disk.Used))
            _around.Audit.Look(institute);
        AuditLater(world);
    });
}
