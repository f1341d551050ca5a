using Federation.Simulation.World;
using Grpc.Core;

namespace Federation.Simulation.Network;

/// <summary>Connects the nodes of a world: listeners, calls under way, and the faults between them.</summary>
internal sealed class SimNetwork
{
    private readonly SimWorld _world;
    private readonly Rng _rng;
    private readonly Dictionary<(int Node, string Port), Listener> _listeners = [];
    private readonly SortedDictionary<long, SimCall> _live = [];
    private long _calls;

    public SimNetwork(SimWorld world, NetworkOptions options)
    {
        _world = world;
        _rng = world.Rng.Fork(3);
        Options = options;
        Links = new SimLinks(world, _rng, options);
        world.Crashing += OnCrash;
    }

    public NetworkOptions Options { get; }

    public SimLinks Links { get; }

    /// <summary>Sees what travels, if the scenario wants to know.</summary>
    public WireTap? Tap { get; set; }

    /// <summary>Opens a port of a life; bind generated services to the result. A restarted life listens anew.</summary>
    public ServiceBinderBase Listen(NodeLife life, ListenOptions? options = null)
    {
        var listener = new Listener(life, options ?? new ListenOptions());
        _listeners[(life.Node.Id, options?.Port ?? "")] = listener;
        return new SimBinder(listener);
    }

    /// <summary>A channel from a life to a node: it outlives the server's crashes, not its own.</summary>
    public CallInvoker Connect(NodeLife client, SimNode server, string port = "") => new SimCallInvoker(new CallRoute(this, client, server, port));

    public Listener? Find(SimNode node, string port) =>
        _listeners.TryGetValue((node.Id, port), out var listener) && listener.Life.Alive ? listener : null;

    /// <summary>Blocks a link, or both directions; calls over it break soon, or at keep-alive when the peer just went silent.</summary>
    public void Partition(SimNode from, SimNode to, bool both)
    {
        _world.Trace($"partition {from} {(both ? "<->" : "->")} {to}");
        Links.Block(from, to);
        if (both)
            Links.Block(to, from);
        foreach (var call in Over(from, to))
            BreakLater(call, () => Links.Blocked(from, to));
    }

    public void Heal(SimNode from, SimNode to)
    {
        _world.Trace($"heal {from} - {to}");
        Links.Unblock(from, to);
        Links.Unblock(to, from);
    }

    /// <summary>Ends all faults of the network.</summary>
    public void HealAll()
    {
        _world.Trace("heal all");
        Options.Faulty = false;
        Links.UnblockAll();
    }

    /// <summary>Loses the connection between two nodes once; new calls go through.</summary>
    public void Cut(SimNode from, SimNode to)
    {
        foreach (var call in Over(from, to))
            BreakLater(call);
    }

    public long NextCallId() => ++_calls;

    /// <summary>A connection attempt over a blocked link fails once keep-alive has passed.</summary>
    public void Opened(SimCall call)
    {
        _live.Add(call.Id, call);
        var (client, server) = (call.Route.Client.Node, call.Route.Server);
        if (Links.Blocked(client, server) || Links.Blocked(server, client))
            BreakAfter(call, Options.KeepAlive, () => Links.Blocked(client, server) || Links.Blocked(server, client));
    }

    public void Closed(SimCall call)
    {
        if (call.ClientDone && (call.Server is null || call.ServerDone))
            _live.Remove(call.Id);
    }

    public void BreakLater(SimCall call) => BreakLater(call, static () => true);

    public CallFate DrawFate(bool stream)
    {
        if (!Options.Faulty)
            return CallFate.None;
        if (_rng.Chance(Options.DropRequestChance))
            return CallFate.DropRequest;
        if (_rng.Chance(Options.DropReplyChance))
            return CallFate.DropReply;
        return stream && _rng.Chance(Options.CutChance) ? CallFate.Cut : CallFate.None;
    }

    public bool DrawDuplicate() => Options.Faulty && _rng.Chance(Options.DuplicateChance);

    public int CutAfter() => _rng.Below(20);

    private List<SimCall> Over(SimNode one, SimNode other) => [.. _live.Values.Where(call => Joins(call.Route, one, other) || Joins(call.Route, other, one))];

    private static bool Joins(CallRoute route, SimNode client, SimNode server) => route.Client.Node == client && route.Server == server;

    private void BreakLater(SimCall call, Func<bool> silentStill)
    {
        if (_rng.Chance(Options.SilentShare))
            BreakAfter(call, Options.KeepAlive, silentStill);
        else
            BreakAfter(call, Links.Delay(), static () => true);
    }

    private void BreakAfter(SimCall call, TimeSpan delay, Func<bool> still) => _world.At(_world.Now + delay, () =>
    {
        if (still() && _live.Remove(call.Id))
            call.Break();
    });

    private void OnCrash(NodeLife life)
    {
        foreach (var call in _live.Values.Where(call => call.Route.Client == life || call.Server == life).ToList())
            BreakLater(call);
    }
}
