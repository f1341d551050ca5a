using Federation.Node.Storage;
using Federation.Simulation.Network;
using Federation.Simulation.Scenarios.Nodes;
using Federation.Simulation.World;
using Grpc.Core.Interceptors;
using SQLitePCL;

namespace Federation.Simulation.Scenarios.Restores;

/// <summary>
/// Two or three real nodes that share with and follow each other, through crashes, partitions, cuts and stalls, whose disks are moreover put
/// back to earlier copies, with their anchors or without. Whatever was signed stays (I3), everybody comes to hold what it is due (R1, R2),
/// and what was taken back does not come back because somebody has forgotten it (R13).
/// </summary>
internal sealed class RestoreScenario(Func<INodeStore, INodeStore>? plantedStore = null, Func<SimulatedInstitute, Interceptor>? plantedAnswers = null) : Scenario
{
    private static readonly TimeSpan s_toSettle = TimeSpan.FromSeconds(100);
    private static readonly string[] s_names = ["alpha", "beta", "gamma"];

    private readonly List<SimulatedInstitute> _institutes = [];
    private readonly List<RestoredDesk> _desks = [];
    private readonly Season _season = new();
    private readonly string _folder = ScratchFolder.Create();
    private StoreWeather? _weather;
    private RestoredAudit? _audit;
    private HeadWitness? _heads;
    private Nemesis? _nemesis;
    private DiskPlague? _plague;

    public override TimeSpan Turmoil => TimeSpan.FromMinutes(4);

    public override TimeSpan Settling => TimeSpan.FromMinutes(3);

    public override void Prepare() => Batteries_V2.Init();

    public override void Build(SimWorld world, Rng rng)
    {
        var network = new SimNetwork(world, NetworkOptions.Draw(rng.Fork(1)));
        _weather = StoreWeather.Draw(rng.Fork(2));
        _heads = new HeadWitness(world.Fail);
        _audit = new RestoredAudit(world.Fail, _heads);
        var around = new NodeSurroundings
        {
            World = world,
            Network = network,
            Model = null,
            Weather = _weather,
            Heads = _heads,
            Audit = _audit,
            Spoil = (store, _) => plantedStore?.Invoke(store) ?? store,
            SpoilAnswers = plantedAnswers,
        };
        foreach (var name in s_names.Take(2 + rng.Below(2)))
            _institutes.Add(new SimulatedInstitute(around, name, _folder));
        foreach (var institute in _institutes)
        {
            institute.Node.Skew = rng.Between(TimeSpan.Zero, TimeSpan.FromSeconds(3));
            world.Start(institute.Node);
            AddDesk(world, network, institute, rng.Fork(10 + (ulong)institute.Node.Id));
        }

        List<SimNode> nodes = [.. _institutes.Select(institute => institute.Node)];
        _nemesis = new Nemesis(world, network, rng.Fork(3), nodes) { Interval = TimeSpan.FromSeconds(rng.Between(20, 120)) };
        _nemesis.Start();
        _plague = new DiskPlague(world, rng.Fork(4), _institutes, _heads, _audit, _folder);
        _plague.Start(() => _desks.TrueForAll(desk => desk.IsSetUp));
        LookEvery(world, Turmoil / 12);
    }

    public override void Calm(SimWorld world)
    {
        _season.Calm = true;
        _weather!.Faulty = false;
        _plague!.Calm();
        _nemesis!.Calm();
    }

    public override void Check(SimWorld world)
    {
        if (_season.Loops > 0)
            world.Fail($"{_season.Loops} desks still wait for an answer");
        Settle(world);
        foreach (var institute in _institutes.Where(_ => world.Fatal is null))
            RestoreAtRest(world, institute);
        Settle(world);
        world.Trace($"{_plague!.Restores} restores, {_heads!.Count} heads, {_audit!.Looks} audits, {_weather!.Deaths} deaths in stores");
        world.Trace(string.Join(", ", _season.Done.Select(done => $"{done.Key} {done.Value}")));
    }

    public override void CleanUp()
    {
        _institutes.ForEach(institute => institute.Disk.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private void AddDesk(SimWorld world, SimNetwork network, SimulatedInstitute institute, Rng rng)
    {
        var partners = s_names.Select((name, at) => (name, at)).Where(other => other.at < _institutes.Count && other.name != institute.Id.ToString());
        var desk = new RestoredDesk(institute, [.. partners.Select(other => _institutes[other.at].Institute)], _season, rng);
        _desks.Add(desk);
        _season.Loops++;
        var node = world.AddNode($"{institute.Id}-desk", life =>
        {
            life.Start("desk", () => desk.RunAsync(life, network.Connect(life, institute.Node, SimulatedInstitute.OwnPort)));
            return Task.CompletedTask;
        });
        desk.Node = node;
        world.Start(node);
    }

    private void LookEvery(SimWorld world, TimeSpan interval) => world.At(world.Now + interval, () =>
    {
        foreach (var institute in _institutes.Where(institute => institute.Disk.Used))
            _audit!.Look(institute);
        LookEvery(world, interval);
    });

    /// <summary>What is written now arrives, and so does everything before it.</summary>
    private void Settle(SimWorld world)
    {
        if (world.Fatal is not null)
            return;
        foreach (var desk in _desks)
            world.Ask(desk.Node!, desk.PublishMarkerAsync, s_toSettle);
        world.RunFor(s_toSettle);
        _institutes.ForEach(_audit!.Look);
        if (world.Fatal is null)
            new Agreement(_institutes, world.Fail).Check(_desks);
    }

    /// <summary>Nobody writes anything: what partners hold of the restored node does not change, unless it takes it back.</summary>
    private void RestoreAtRest(SimWorld world, SimulatedInstitute institute)
    {
        var others = _institutes.Where(other => other != institute).ToList();
        var before = others.ConvertAll(other => Holding.Read(other, institute.Id));
        if (!_plague!.TryRestore(institute, ownPast: true))
        {
            world.Trace($"{institute.Node} has no copy to which it can go back");
            return;
        }

        world.RunFor(s_toSettle);
        foreach (var (other, held) in others.Zip(before))
            held.CompareTo(Holding.Read(other, institute.Id), world.Fail);
    }
}
