using Federation.Node.Access;
using Federation.Node.Storage;
using Federation.Simulation.Network;
using Federation.Simulation.World;
using Federation.V1.Exchange;
using SQLitePCL;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>
/// Two honest institutes and one that signs whatever it likes with its own keys: each honest one halts that ledger and no other, keeps
/// the evidence, and shows nothing that it did not show before; between themselves they go on as if nothing had happened.
/// </summary>
internal sealed class AdversaryScenario : Scenario
{
    private readonly Dictionary<string, ForgedLedger> _ledgers = new(StringComparer.Ordinal);
    private readonly Institute _mallory = new("mallory");
    private Population? _population;
    private Nemesis? _nemesis;

    public override TimeSpan Turmoil => TimeSpan.FromMinutes(3);

    public override TimeSpan Settling => TimeSpan.FromMinutes(4);

    public override void Prepare() => Batteries_V2.Init();

    public override void Build(SimWorld world, Rng rng)
    {
        // What the halt of a ledger is logged under.
        world.ToleratedErrors.Add("Federation.Node.Exchange.PartnerFollower");
        _population = new Population(world, rng, Turmoil, static (store, _) => store);
        foreach (var name in (string[])["alpha", "beta"])
        {
            _population.Add(name, rng.Between(TimeSpan.Zero, TimeSpan.FromSeconds(3)));
            long NowMs() => (SimWorld.Origin + world.Now).ToUnixTimeMilliseconds();
            _ledgers.Add(name, new ForgedLedger(_mallory, rng.Pick(Enum.GetValues<Forgery>()), rng.Fork((ulong)_ledgers.Count + 20), NowMs));
        }

        var turnsAt = rng.Between(TimeSpan.FromSeconds(5), Turmoil);
        world.Start(world.AddNode(_mallory.Name, life => BootMallory(life, turnsAt)));
        _population.Start(rng.Fork(4), _mallory);
        _population.AuditEvery(TimeSpan.FromSeconds(20));
        List<SimNode> nodes = [.. _population.Institutes.Select(institute => institute.Node)];
        _nemesis = new Nemesis(world, _population.Network, rng.Fork(5), nodes);
        _nemesis.Start();
    }

    public override void Calm(SimWorld world)
    {
        _population!.Calm();
        _nemesis!.Calm();
    }

    public override void Check(SimWorld world)
    {
        foreach (var honest in _population!.Institutes)
            CheckHalt(honest, _ledgers[honest.Id.ToString()]);
        _population.Check();
        world.Trace(string.Join(", ", _ledgers.Select(ledger => $"{ledger.Key} {ledger.Value.Forgery}")));
    }

    public override void CleanUp() => _population?.CleanUp();

    private static void CheckHalt(SimulatedInstitute honest, ForgedLedger ledger)
    {
        var number = honest.Disk.NumberOf(Protocol.Records.InstituteId.Parse("mallory"));
        var session = honest.Disk.Session;
        using var follow = session.Use("SELECT state, fault, size, live_count FROM follow WHERE src = ?1").Bind(1, number);
        follow.Step();
        var code = string.Concat(ledger.Forgery.ToString().Select(letter => char.IsAsciiLetterUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"))[1..];
        if ((FollowState)follow.Int32(0) != FollowState.Halted || !follow.Text(1).StartsWith($"{code}:", StringComparison.Ordinal))
            honest.Fail($"stands in state {follow.Int32(0)} '{follow.Text(1)}' after {code}");
        if (follow.UInt64(2) is not 0 && follow.UInt64(2) != ledger.Size)
            honest.Fail($"took {follow.UInt64(2)} entries of a ledger whose first {ledger.Size} are honest");
        using var evidence = session.Use("SELECT count(*) FROM evidence WHERE p = ?1 AND fault = ?2 AND length(objects) > 100").Bind(1, number).Bind(2, code);
        if (!evidence.Step() || evidence.Int32(0) != 1)
            honest.Fail($"has {evidence.Int32(0)} pieces of evidence of {code}");
        using var records = session.Use("SELECT origin, rid FROM record WHERE source = ?1 ORDER BY rec").Bind(1, number);
        var shown = 0UL;
        while (records.Step())
        {
            shown++;
            if (!ledger.Records.Contains(records.Name(0).Id))
                honest.Fail($"I14: shows record {records.Name(0).Id}, which lies under no verified head");
        }

        if (shown != follow.UInt64(2))
            honest.Fail($"shows {shown} records of {follow.UInt64(2)} honest entries");
    }

    private Task BootMallory(NodeLife life, TimeSpan turnsAt)
    {
        var options = new ListenOptions
        {
            Port = SimulatedInstitute.PartnerPort,
            Caller = client => new PartnerCaller(Protocol.Records.InstituteId.Parse(client.Name)),
            Errors = ErrorTranslation.Translate,
        };
        ExchangeService.BindService(_population!.Network.Listen(life, options), new ForgingOrigin(life, _ledgers, turnsAt));
        return Task.CompletedTask;
    }
}
