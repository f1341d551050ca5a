using Federation.Simulation.Network;
using Federation.Simulation.Scenarios.Nodes;
using Federation.Simulation.World;
using SQLitePCL;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>
/// Two worlds, one after the other, in which everything that one partner may see is the same at every moment and everything else differs:
/// hidden records and parts, audiences, labels, the wording of policies, other partners with their policies and traffic. Whatever that
/// partner does, it gets the same bytes at the same moments (I6), and none of them stands for anything hidden (I5).
/// </summary>
internal sealed class PairedScenario(PairedOptions options, WireRecording? first = null) : Scenario
{
    public const string Origin = "oscar-inst";
    public const string Observed = "papa-inst";
    public const string ScriptDesk = "script-desk";
    public const string HiddenDesk = "hidden-desk";

    private readonly HiddenMarkers _markers = new();
    private readonly string _folder = ScratchFolder.Create();
    private readonly PartnerLedger _held = new();
    private VisiblePlan? _plan;
    private WireRecording? _recording;
    private PairedOrigin? _origin;
    private ScriptDesk? _script;
    private HiddenDesk? _hidden;

    public override TimeSpan Turmoil => _plan!.Length;

    public override TimeSpan Settling => TimeSpan.FromSeconds(40);

    public override Scenario? Twin => options.Compares && first is null ? new PairedScenario(options, _recording) : null;

    public override void Prepare() => Batteries_V2.Init();

    public override void Build(SimWorld world, Rng rng)
    {
        world.Climate = new Climate(TimeSpan.Zero, 0, TimeSpan.Zero);
        // Of receipts that can't be true.
        world.ToleratedErrors.Add("Federation.Node.Exchange.ReceiptDesk");
        _plan = VisiblePlan.Draw(rng.Fork(1), options);
        var own = rng.Fork(first is null ? 2UL : 3UL);
        var slots = new ArrivalSlots(world, world.Seed);
        var network = new SimNetwork(world, new NetworkOptions
        {
            DelayMin = TimeSpan.FromMilliseconds(7),
            DelayMax = TimeSpan.FromMilliseconds(7),
            TailChance = 0,
            SilentShare = 0,
            // Every write waits for its reader: so no idle head falls due at a tick.
            WindowMessages = 0,
            DelayOf = slots.DelayOf,
        });
        network.Tap = _recording = new WireRecording(world);
        _origin = new PairedOrigin(world, network, options, _markers, _folder);
        var people = new PairedPeople(world, network, _origin, slots, _plan, options);
        var side = new HiddenSide(own.Fork(1), _markers);
        _script = new ScriptDesk(_origin, side, own.Fork(2), people.Observed, _plan.Steps, world.Seed);
        _hidden = new HiddenDesk(_origin, side, _script, own.Fork(3), options);
        world.Start(_origin.Node);
        people.StartObserved(_held);
        people.StartDesks(_script, _hidden);
        people.PlanFaults(_script);
        people.PlanHidden(own.Fork(4), _hidden, first is null);
    }

    public override void Calm(SimWorld world)
    {
    }

    public override void Check(SimWorld world)
    {
        if (_script!.Done < _plan!.Steps.Count)
            world.Fail($"only {_script.Done} of {_plan.Steps.Count} steps of the script were done");
        foreach (var other in (string[])["quebec-inst", "romeo-inst", "foreign-inst"])
            _markers.Add(other, "another institute's name");
        CheckTaint(world);
        if (first?.DifferenceTo(_recording!) is { } difference)
            world.Fail($"I6: {difference}");
        var messages = _recording!.Calls.Sum(static call => call.Messages);
        if (messages < 3 || _markers.Count < 10)
            world.Fail($"the run says nothing: {messages} messages, {_markers.Count} markers");
        world.Trace($"{_recording.Calls.Count} calls, {messages} messages, {_held.Entries} entries, {_markers.Count} markers, {_hidden!.Done} hidden acts");
    }

    public override void CleanUp()
    {
        _origin?.Disk.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private void CheckTaint(SimWorld world)
    {
        foreach (var call in _recording!.Calls)
        {
            foreach (var bytes in call.Bytes)
            {
                if (_markers.Find(bytes) is { } what)
                    world.Fail($"I5: {what} stands in what {call} returned");
            }
        }

        foreach (var line in _origin!.Lines)
        {
            if (_markers.Find(line) is { } what)
                world.Fail($"I5: {what} stands in a log line about {Observed}: {line}");
        }
    }
}
