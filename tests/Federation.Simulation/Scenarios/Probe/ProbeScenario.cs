using Federation.Simulation.Network;
using Federation.Simulation.Probe.V1;
using Federation.Simulation.World;
using Grpc.Core;

namespace Federation.Simulation.Scenarios.Probe;

/// <summary>
/// Proves the simulator itself: nodes that copy each other's logs over an hour of crashes and partitions. Entries arrive
/// in order at every moment, and after healing every copy equals its origin.
/// </summary>
internal sealed class ProbeScenario : Scenario
{
    private const string Port = "peers";
    private readonly List<SimNode> _nodes = [];
    private SimNetwork _network = null!;
    private Nemesis _nemesis = null!;

    public override TimeSpan Turmoil => TimeSpan.FromHours(1);

    public override void Build(SimWorld world, Rng rng)
    {
        _network = new SimNetwork(world, NetworkOptions.Draw(rng.Fork(1)));
        var count = 3 + rng.Below(3);
        for (var index = 0; index < count; index++)
        {
            var node = world.AddNode($"node{index + 1}", BootAsync);
            node.Disk = new ProbeDisk();
            node.Skew = rng.Between(TimeSpan.FromSeconds(-5), TimeSpan.FromSeconds(5));
            _nodes.Add(node);
        }

        _nodes.ForEach(world.Start);
        _nemesis = new Nemesis(world, _network, rng.Fork(2), _nodes);
        _nemesis.Start();
    }

    public override void Calm(SimWorld world) => _nemesis.Calm();

    public override void Check(SimWorld world)
    {
        foreach (var origin in _nodes)
        {
            var own = DiskOf(origin).Own;
            if (own.Count == 0)
                world.Fail($"{origin} never wrote");
            foreach (var follower in _nodes.Where(node => node != origin))
                Compare(world, own, DiskOf(follower).Copies[origin.Name], $"{follower}'s copy of {origin}");
            var head = world.Ask(Other(origin), life => HeadAsync(life, origin), TimeSpan.FromSeconds(10));
            world.Trace($"{origin} has {head} entries after {origin.Crashes} crashes");
            Refused(world, origin, Port, StatusCode.OutOfRange);
            Refused(world, origin, "closed", StatusCode.Unavailable);
        }
    }

    private static RpcException? Translate(Exception exception) =>
        exception is ArgumentOutOfRangeException ? new RpcException(new Status(StatusCode.OutOfRange, "no such entry")) : null;

    private static ProbeDisk DiskOf(SimNode node) => (ProbeDisk)node.Disk!;

    /// <summary>The writers go on during the settling, so the last few entries may be under way.</summary>
    private static void Compare(SimWorld world, List<byte[]> own, List<byte[]> copy, string what)
    {
        if (copy.Count < own.Count - 30)
            world.Fail($"{what} has {copy.Count} of {own.Count} entries");
        for (var position = 0; position < copy.Count; position++)
        {
            if (!copy[position].AsSpan().SequenceEqual(own[position]))
                world.Fail($"{what} differs at entry {position}");
        }
    }

    private SimNode Other(SimNode node) => _nodes.First(candidate => candidate != node);

    /// <summary>Following from beyond the end, or at a port nobody listens to, has an answer of its own.</summary>
    private void Refused(SimWorld world, SimNode origin, string port, StatusCode due)
    {
        var status = world.Ask(Other(origin), life => FollowBeyondAsync(life, origin, port), TimeSpan.FromSeconds(10));
        if (status != due)
            world.Fail($"{origin} at '{port}' answers {status} where {due} is due");
    }

    private async Task<StatusCode> FollowBeyondAsync(NodeLife life, SimNode origin, string port)
    {
        var client = new ProbeService.ProbeServiceClient(_network.Connect(life, origin, port));
        using var call = client.Follow(new FollowRequest { From = long.MaxValue });
        try
        {
            return await call.ResponseStream.MoveNext(CancellationToken.None) ? StatusCode.OK : call.GetStatus().StatusCode;
        }
        catch (RpcException exception)
        {
            return exception.StatusCode;
        }
    }

    private async Task<long> HeadAsync(NodeLife life, SimNode origin)
    {
        var client = new ProbeService.ProbeServiceClient(_network.Connect(life, origin, Port));
        return (await client.GetHeadAsync(new GetHeadRequest())).Count;
    }

    private async Task BootAsync(NodeLife life)
    {
        var disk = DiskOf(life.Node);
        var log = life.Own(new ProbeLog(disk));
        var options = new ListenOptions { Port = Port, Caller = static client => client.Name, Errors = Translate };
        ProbeService.BindService(_network.Listen(life, options), new ProbeEndpoint(log, life.World.Fail));
        await life.StartServiceAsync(new ProbeWriter(life, log));
        foreach (var peer in _nodes.Where(node => node != life.Node))
        {
            if (!disk.Copies.TryGetValue(peer.Name, out var copy))
                disk.Copies[peer.Name] = copy = [];
            var client = new ProbeService.ProbeServiceClient(_network.Connect(life, peer, Port));
            await life.StartServiceAsync(new ProbeFollower(life, client, peer, copy));
        }
    }
}
