using Federation.Simulation.Network;
using Federation.Simulation.Scenarios.Nodes;
using Federation.Simulation.World;
using SQLitePCL;

namespace Federation.Simulation.Scenarios.Embargo;

/// <summary>
/// Three real nodes that follow each other. The wall clock of one jumps to and fro, by minutes and by days, and its process is killed and
/// started again at any of these clocks; the partners' clocks are honest. Nothing under embargo reaches a partner more than five minutes
/// of true time too early (I11); once the clock is right again, what is due is released.
/// </summary>
/// <param name="restarts">Whether the process is also killed while its clock is wrong.</param>
internal sealed class EmbargoScenario(bool restarts) : Scenario
{
    private const string Origin = "alpha";
    private static readonly string[] s_names = [Origin, "beta", "gamma"];

    private readonly List<SimulatedInstitute> _institutes = [];
    private readonly ReferenceModel _model = new();
    private readonly Season _season = new();
    private readonly string _folder = ScratchFolder.Create();
    private SimNetwork? _network;
    private EmbargoWatch? _watch;
    private Rng? _rng;

    public override TimeSpan Turmoil => TimeSpan.FromMinutes(20);

    public override TimeSpan Settling => TimeSpan.FromMinutes(35);

    private SimulatedInstitute Alpha => _institutes[0];

    public override void Prepare() => Batteries_V2.Init();

    public override void Build(SimWorld world, Rng rng)
    {
        (_rng, _watch) = (rng, new EmbargoWatch(world));
        _network = new SimNetwork(world, new NetworkOptions());
        var heads = new HeadWitness(world.Fail);
        var around = new NodeSurroundings
        {
            ClocksAreConfirmed = false,
            World = world,
            Network = _network,
            Model = _model,
            Weather = new StoreWeather { Faulty = false },
            Heads = heads,
            Audit = new StoreAudit(world.Fail, heads),
            Spoil = (store, life) => life.Node.Name == Origin ? store : new ReleaseWitness(store, () => LookAt(life.Node.Name)),
        };
        foreach (var name in s_names)
            _institutes.Add(new SimulatedInstitute(around, name, _folder));
        foreach (var partner in _institutes.Skip(1))
            partner.Node.Skew = rng.Between(TimeSpan.FromSeconds(-20), TimeSpan.FromSeconds(20));
        foreach (var institute in _institutes)
        {
            world.Start(institute.Node);
            var own = rng.Fork((ulong)institute.Node.Id);
            world.Start(world.AddNode($"{institute.Id}-desk", life => StartDesk(life, institute, own)));
        }

        Next(world, TimeSpan.FromSeconds(40), Jump);
        if (restarts)
            Next(world, TimeSpan.FromSeconds(90), Restart);
    }

    /// <summary>The clock is right again, and the process starts with it.</summary>
    public override void Calm(SimWorld world)
    {
        _season.Calm = true;
        Alpha.Node.Skew = TimeSpan.Zero;
        if (Alpha.Node.Life is { } life)
            world.Crash(life);
        world.Start(Alpha.Node);
    }

    public override void Check(SimWorld world)
    {
        _watch!.CheckReleased([.. _institutes.Skip(1)], TimeSpan.FromMinutes(10));
        if (_watch.Released == 0)
            world.Fail("nothing was released at all");
        world.Trace($"{_watch.Released} releases, {Alpha.Node.Crashes} restarts");
    }

    public override void CleanUp()
    {
        _institutes.ForEach(institute => institute.Disk.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private Task StartDesk(NodeLife life, SimulatedInstitute institute, Rng rng)
    {
        var desk = new EmbargoDesk(life, _network!.Connect(life, institute.Node, SimulatedInstitute.OwnPort), institute, _model, _watch!, _season, rng);
        life.Start("desk", async () =>
        {
            await desk.ShareAsync([.. _institutes.Where(other => other != institute).Select(other => other.Institute)]);
            if (institute == Alpha)
                await desk.PublishAsync(Turmoil);
        });
        return Task.CompletedTask;
    }

    private void LookAt(string partner) => _watch!.Look(_institutes.Single(institute => institute.Node.Name == partner));

    private void Next(SimWorld world, TimeSpan mean, Action<SimWorld> act) => world.At(world.Now + _rng!.Between(TimeSpan.Zero, mean * 2), () =>
    {
        if (_season.Calm)
            return;
        act(world);
        Next(world, mean, act);
    });

    private void Jump(SimWorld world)
    {
        Alpha.Node.Skew = _rng!.Below(5) switch
        {
            0 => TimeSpan.Zero,
            1 => _rng.Between(TimeSpan.FromMinutes(-5), TimeSpan.FromMinutes(5)),
            2 => _rng.Between(TimeSpan.FromMinutes(-60), TimeSpan.FromMinutes(60)),
            3 => _rng.Between(TimeSpan.Zero, TimeSpan.FromDays(30)),
            _ => _rng.Between(TimeSpan.FromDays(-2), TimeSpan.Zero),
        };
        world.Trace($"the clock of {Alpha.Node} is off by {Alpha.Node.Skew}");
    }

    private void Restart(SimWorld world)
    {
        if (Alpha.Node.Life is not { } life)
            return;
        world.Crash(life);
        world.At(world.Now + _rng!.Between(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(20)), () =>
        {
            if (Alpha.Node.Life is null)
                world.Start(Alpha.Node);
        });
    }
}
