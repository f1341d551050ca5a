using Federation.Simulation.Network;
using Federation.Simulation.Scenarios.Nodes;
using Federation.Simulation.World;
using Federation.V1.Exchange;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>Everybody around the origin: the observed partner, other partners, and the origin's own desks.</summary>
internal sealed class PairedPeople(SimWorld world, SimNetwork network, PairedOrigin origin, ArrivalSlots slots, VisiblePlan plan, PairedOptions options)
{
    private readonly Institute[] _others = [new("quebec-inst"), new("romeo-inst")];
    private SimNode? _observedNode;
    private SimNode? _hiddenNode;

    public Institute Observed { get; } = new(PairedScenario.Observed);

    /// <summary>The id that the ledger of another partner has in one of the worlds: in the other it is nobody's.</summary>
    private byte[] ForeignLedger
    {
        get
        {
            var id = new byte[16];
            new CallStream("", new Rng(ForeignStream)).Fill(id);
            return id;
        }
    }

    private ulong ForeignStream => world.Seed ^ 0xF0F0;

    public void StartObserved(PartnerLedger ledger) => StartPartner(Observed, ledger, plan.Sessions, plan.Probes, out _observedNode);

    public void StartDesks(ScriptDesk script, HiddenDesk hidden)
    {
        world.Start(world.AddNode(PairedScenario.ScriptDesk, life =>
        {
            life.Start("script", () => script.RunAsync(life, network.Connect(life, origin.Node, PairedOrigin.OwnPort)));
            return Task.CompletedTask;
        }));
        _hiddenNode = world.AddNode(PairedScenario.HiddenDesk, life =>
        {
            hidden.Invoker = network.Connect(life, origin.Node, PairedOrigin.OwnPort);
            return Task.CompletedTask;
        });
        world.Start(_hiddenNode);
        if (options.Aims)
            AimAt(hidden);
    }

    /// <summary>The same crashes and cuts in both worlds, while no step of the script is under way.</summary>
    public void PlanFaults(ScriptDesk script)
    {
        foreach (var (at, down) in plan.Crashes)
            world.At(at, () => CrashWhenIdle(script, down));
        foreach (var at in plan.Cuts)
            world.At(at, () => network.Cut(_observedNode!, origin.Node));
    }

    /// <summary>What this world does that the other does not.</summary>
    public void PlanHidden(Rng rng, HiddenDesk hidden, bool isFirst)
    {
        var acts = isFirst ? rng.Below(12) + 1 : (10 + rng.Below(40)) * (options.Long ? 10 : 1);
        for (; acts > 0; acts--)
            world.At(HiddenMoment(rng, plan.Length), _hiddenNode!, "hidden act", _ => hidden.ActAsync(rng.Pick(_others)));
        foreach (var (other, number) in _others.Select((other, number) => (other, (ulong)number)))
        {
            if (rng.Chance(isFirst ? 0.5 : 0.9))
                AddOther(rng.Fork(number + 1), hidden, other, isFirst && number == 0 ? ForeignStream : null);
        }
    }

    private void AddOther(Rng rng, HiddenDesk hidden, Institute other, ulong? stream)
    {
        world.At(HiddenMoment(rng, plan.Length / 4), _hiddenNode!, "add partner", _ => hidden.AddAsync(other, stream));
        var probes = VisiblePlan.Moments(rng.Fork(2), plan.Length, rng.Below(20)).Select(at => (at, rng.Next())).ToList();
        StartPartner(other, new PartnerLedger(), VisiblePlan.DrawSessions(rng.Fork(1), plan.Length), probes, out _);
    }

    private void StartPartner(
        Institute partner, PartnerLedger ledger, IReadOnlyList<Session> sessions, IReadOnlyList<(TimeSpan At, ulong Draw)> probes, out SimNode node)
    {
        node = world.AddNode(partner.Name, life =>
        {
            var invoker = network.Connect(life, origin.Node, PairedOrigin.PartnerPort);
            var following = new PartnerSessions(life, new ExchangeService.ExchangeServiceClient(invoker), partner, ledger, slots);
            var probing = new PartnerProbes(life, invoker, partner, ledger, slots, partner == Observed ? [ForeignLedger] : []);
            life.Start("sessions", () => following.RunAsync(sessions));
            life.Start("probes", () => probing.RunAsync(probes));
            return Task.CompletedTask;
        });
        world.Start(node);
    }

    private void CrashWhenIdle(ScriptDesk script, TimeSpan down)
    {
        if (script.Busy)
            world.At(world.Now + TimeSpan.FromMilliseconds(ArrivalSlots.TickMs), () => CrashWhenIdle(script, down));
        else
            origin.Kill(down);
    }

    /// <summary>Hidden edits at each tick and in the moments at which a session's calls arrive, so in the middle of what the guard looks at.</summary>
    private void AimAt(HiddenDesk hidden)
    {
        foreach (var session in plan.Sessions)
        {
            for (var ms = 0; ms < 160; ms++)
            {
                var arrival = ArrivalSlots.SessionMoment(session.From) + TimeSpan.FromMilliseconds(ms);
                if (arrival.TotalMilliseconds % ArrivalSlots.TickMs is 0 or 7 or 8)
                    world.At(arrival - TimeSpan.FromMilliseconds(1), _hiddenNode!, "aimed edit", _ => EditManyAsync(hidden));
            }
        }
    }

    private static Task EditManyAsync(HiddenDesk hidden) => Task.WhenAll(hidden.EditAsync(), hidden.EditAsync(), hidden.EditAsync());

    /// <summary>A moment at which a hidden act is sent, one millisecond before it arrives: not while the script's steps arrive.</summary>
    private TimeSpan HiddenMoment(Rng rng, TimeSpan latest)
    {
        var ms = rng.Between(60, (long)latest.TotalMilliseconds);
        while (((ms + 1) % ArrivalSlots.TickMs) is >= 1 and <= 6)
            ms++;
        return TimeSpan.FromMilliseconds(ms) + (options.FineMoments ? TimeSpan.FromMicroseconds(rng.Below(999)) : TimeSpan.Zero);
    }
}
