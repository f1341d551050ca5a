using Federation.Node.Storage;
using Federation.Simulation.Network;
using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>The institutes of one run with their clients and operators, and everything that watches them.</summary>
internal sealed class Population
{
    private readonly List<SimulatedInstitute> _institutes = [];
    private readonly List<(SimNode Node, OperatorClient Client)> _operators = [];
    private readonly ReferenceModel _model = new();
    private readonly Season _season = new();
    private readonly string _folder = ScratchFolder.Create();
    private readonly SimWorld _world;
    private readonly NodeSurroundings _around;
    private readonly SwarmPlan _plan;
    private readonly HeadWitness _heads;
    private readonly StoreAudit _audit;

    public Population(SimWorld world, Rng rng, TimeSpan turmoil, Func<INodeStore, NodeLife, INodeStore> spoil)
    {
        _world = world;
        _plan = SwarmPlan.Draw(rng.Fork(1), turmoil);
        Network = new SimNetwork(world, NetworkOptions.Draw(rng.Fork(2)));
        _heads = new HeadWitness(world.Fail);
        _audit = new StoreAudit(world.Fail, _heads);
        _around = new NodeSurroundings
        {
            World = world,
            Network = Network,
            Model = _model,
            Weather = StoreWeather.Draw(rng.Fork(3)),
            Heads = _heads,
            Audit = _audit,
            Spoil = spoil,
        };
    }

    public SimNetwork Network { get; }

    public IReadOnlyList<SimulatedInstitute> Institutes => _institutes;

    public void Add(string name, TimeSpan skew)
    {
        var institute = new SimulatedInstitute(_around, name, _folder);
        institute.Node.Skew = skew;
        _institutes.Add(institute);
    }

    /// <summary>Starts the nodes, and their clients on machines of their own that never fail; their calls do.</summary>
    public void Start(Rng rng, params Institute[] strangers)
    {
        foreach (var institute in _institutes)
        {
            _world.Start(institute.Node);
            List<Institute> partners = [.. _institutes.Where(other => other != institute).Select(other => other.Institute), .. strangers];
            var own = rng.Fork((ulong)institute.Node.Id);
            _season.Loops += 3;
            _world.Start(_world.AddNode($"{institute.Id}-systems", life => StartSystems(life, institute, partners, own)));
        }
    }

    /// <summary>Looks at every disk every now and then.</summary>
    public void AuditEvery(TimeSpan interval) => _world.At(_world.Now + interval, () =>
    {
        foreach (var institute in _institutes.Where(institute => institute.Disk.Used))
            _audit.Look(institute);
        AuditEvery(interval);
    });

    public void Calm()
    {
        _season.Calm = true;
        _around.Weather.Faulty = false;
    }

    /// <summary>Everything has to be in order now, and to stay as it is when every policy is put in force once more (I8).</summary>
    public void Check()
    {
        if (_season.Loops > 0)
            _world.Fail($"{_season.Loops} clients still wait for an answer");
        CheckNow();
        if (_world.Fatal is not null)
            return;
        var before = Entries();
        foreach (var (node, client) in _operators)
            _world.Ask(node, _ => client.RepeatPoliciesAsync(), TimeSpan.FromSeconds(60));
        _world.RunFor(TimeSpan.FromSeconds(60));
        CheckNow();
        var after = Entries();
        if (!before.SequenceEqual(after))
            _world.Fail($"I8: sweeping again appended {after.Sum() - before.Sum()} entries");
        _world.Trace($"{after.Sum()} entries, {_heads.Count} heads, {_audit.Looks} audits, {_around.Weather.Deaths} deaths in stores");
        _world.Trace(string.Join(", ", _season.Done.Select(done => $"{done.Key} {done.Value}")));
    }

    public void CleanUp()
    {
        _institutes.ForEach(institute => institute.Disk.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private Task StartSystems(NodeLife life, SimulatedInstitute institute, List<Institute> partners, Rng rng)
    {
        var invoker = Network.Connect(life, institute.Node, SimulatedInstitute.OwnPort);
        var names = partners.ConvertAll(partner => partner.Name);
        for (var number = 1UL; number <= 2; number++)
        {
            var maker = new DraftMaker(rng.Fork(number), _plan, $"{institute.Id}{number}", names, () => _world.Now);
            var client = new RecordsClient($"{institute.Id}{number}", institute, life, invoker, _model, maker, _plan, _season, rng.Fork(10 + number));
            life.Start($"client {number}", client.RunAsync);
        }

        var operating = new OperatorClient(life, invoker, partners, _model, _plan, _season, rng.Fork(20));
        _operators.Add((life.Node, operating));
        life.Start("operator", operating.RunAsync);
        return Task.CompletedTask;
    }

    private void CheckNow()
    {
        _institutes.ForEach(_audit.Look);
        if (_world.Fatal is null)
            new Convergence(_institutes, _model, _world.Fail).Check();
    }

    private List<int> Entries() => [.. _institutes.SelectMany(origin => _institutes, (origin, partner) => _audit.LeavesOf(origin.Id, partner.Id).Count)];
}
