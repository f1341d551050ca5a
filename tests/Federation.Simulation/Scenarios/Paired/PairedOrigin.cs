using System.Buffers.Binary;
using Federation.Node;
using Federation.Node.Access;
using Federation.Node.Records;
using Federation.Node.Storage.Sqlite;
using Federation.Protocol.Records;
using Federation.Simulation.Network;
using Federation.Simulation.Scenarios.Nodes;
using Federation.Simulation.World;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Grpc.Core.Interceptors;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>
/// The real node of one world of a pair. Its work takes no virtual time. Signatures depend on key and message alone, and random values on
/// the call that they are drawn for.
/// </summary>
internal sealed class PairedOrigin
{
    public const string PartnerPort = "partners";
    public const string OwnPort = "own";

    private readonly SimWorld _world;
    private readonly SimNetwork _network;
    private readonly PairedOptions _options;
    private readonly HiddenMarkers _markers;
    private readonly Institute _institute = new(PairedScenario.Origin);
    private bool _serving;

    public PairedOrigin(SimWorld world, SimNetwork network, PairedOptions options, HiddenMarkers markers, string folder)
    {
        (_world, _network, _options, _markers) = (world, network, options, markers);
        Disk = new NodeDisk(Path.Combine(folder, $"{PairedScenario.Origin}.db"));
        Node = world.AddNode(PairedScenario.Origin, BootAsync);
    }

    public SimNode Node { get; }

    public NodeDisk Disk { get; }

    public InstituteId Id => _institute.Id;

    public bool Down => Node.Life is null || !_serving;

    /// <summary>Every log line about the observed partner.</summary>
    public List<string> Lines { get; } = [];

    public void Kill(TimeSpan down)
    {
        if (Node.Life is not { } life)
            return;
        _serving = false;
        _world.Crash(life);
        _world.At(_world.Now + down, () => _world.Start(Node));
    }

    /// <summary>Makes markers of what the node has drawn for hidden parts: ids, salts, commitments, and the record's keys.</summary>
    public void Harvest(RecordId id, HiddenSide side)
    {
        if (RecordRows.ReadByName(Disk.Session, new RecordName(Id, id)).SingleOrDefault() is not { Body: not null } record)
            return;
        _markers.Add(record.SaltKey, "a record's key of salts");
        _markers.Add(record.DataKey, "a record's data key");
        Span<byte> bytes = stackalloc byte[16];
        foreach (var part in StoredContent.Open(record).Parts.Where(part => side.Hides(id, part.Value)))
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes, part.Salt);
            _markers.Add(bytes, "the salt of a hidden part");
            _markers.Add(part.Shape.Commitment.ToBytes(), "the commitment of a hidden part");
            if (part.Shape.Part == 0)
                continue;
            BinaryPrimitives.WriteUInt64BigEndian(bytes, part.Shape.Part);
            _markers.Add(bytes[..8], "the id of a hidden part");
        }
    }

    private async Task BootAsync(NodeLife life)
    {
        var boot = Convert.ToHexStringLower(life.SecureBytes.Take(16));
        var database = SqliteNodeStore.Open(Disk.Path, boot, failure => life.Exit(failure.Message));
        life.Own(new OpenDatabase(database));
        var anchor = SqliteAnchor.Open($"{Disk.Path}.anchor", failure => life.Exit(failure.Message), out _);
        life.Own(anchor);
        var streams = new CallStreams(life);
        using var logs = new LogRecording(life.Loggers, streams, Lines);
        var leaks = new LeakSurroundings(life, Disk, _markers, logs);
        var node = NodeComposition.Build(new NodeDependencies
        {
            Time = life.Time,
            Random = new CallRandom(streams),
            Entropy = streams.Fill,
            Store = new YieldingStore(_options.LeakingStore?.Invoke(database, leaks) ?? database),
            Anchor = anchor,
            Identity = _institute.Identity,
            Scheme = SimSignatures.Scheme,
            Network = _ => partner => _network.Connect(life, _world.Nodes.First(node => node.Name == partner.Institute.ToString()), PartnerPort),
            MaxLiveRecordsPerPartner = 1_000_000,
            Logs = logs,
        });
        await node.LoadAsync(CancellationToken.None);
        node.Clock.Confirm();
        Listen(life, node, streams, leaks);
        foreach (var service in node.Services)
            await life.StartServiceAsync(service);
        _serving = true;
    }

    private void Listen(NodeLife life, NodeComposition node, CallStreams streams, LeakSurroundings leaks)
    {
        List<Interceptor> interceptors = [new PartnerCalls(streams, _world.Seed)];
        if (_options.LeakingEndpoint is { } leak)
            interceptors.Add(leak(leaks));
        var partners = new ListenOptions
        {
            Port = PartnerPort,
            Caller = static client => new PartnerCaller(InstituteId.Parse(client.Name)),
            Errors = ErrorTranslation.Translate,
            Interceptors = interceptors,
        };
        ExchangeService.BindService(_network.Listen(life, partners), node.Exchange);
        var caller = new ClientCaller("systems", ClientRoles.Reader | ClientRoles.Publisher | ClientRoles.Operator);
        var own = _network.Listen(life, new ListenOptions
        {
            Port = OwnPort,
            Caller = _ => caller,
            Errors = ErrorTranslation.Translate,
            Interceptors = [new OwnCalls(streams, Disk, Id)],
        });
        RecordsService.BindService(own, node.Records);
        OperatorService.BindService(own, node.Operator);
    }
}
