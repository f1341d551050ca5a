using Federation.Node;
using Federation.Node.Access;
using Federation.Node.Ledger;
using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;
using Federation.Protocol.Records;
using Federation.Simulation.Network;
using Federation.Simulation.World;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>One institute: its keys, its disk, and the node that lives on it, life after life.</summary>
internal sealed class SimulatedInstitute
{
    public const string PartnerPort = "partners";
    public const string OwnPort = "own";

    private readonly NodeSurroundings _surroundings;

    public SimulatedInstitute(NodeSurroundings surroundings, string name, string folder)
    {
        _surroundings = surroundings;
        Disk = new NodeDisk(Path.Combine(folder, $"{name}.db"));
        Institute = new Institute(name, message => surroundings.Heads.Watch(message, Disk.SignedSizeOf));
        Node = surroundings.World.AddNode(name, BootAsync);
    }

    // The clock of the present life.
    private ReleaseClock? _clock;

    public Institute Institute { get; }

    public InstituteId Id => Institute.Id;

    public NodeDisk Disk { get; }

    public SimNode Node { get; }

    /// <summary>The node's own clock; what embargoes are held against never goes back, though a wall clock may.</summary>
    public long NowMs => Math.Max((SimWorld.Origin + _surroundings.World.Now + Node.Skew).ToUnixTimeMilliseconds(), _clock?.NowMs ?? 0);

    public void Fail(string what) => _surroundings.World.Fail($"{Node} {what}");

    private async Task BootAsync(NodeLife life)
    {
        var boot = Convert.ToHexStringLower(life.SecureBytes.Take(16));
        var database = SqliteNodeStore.Open(Disk.Path, boot, failure => life.Exit(failure.Message));
        life.Own(new OpenDatabase(database));
        _surroundings.Audit.Look(this);
        var store = new CrashingStore(_surroundings.Spoil(database, life), life, _surroundings.Weather);
        var anchor = SqliteAnchor.Open($"{Disk.Path}.anchor", failure => life.Exit(failure.Message), out _);
        life.Own(anchor);
        var node = Compose(life, store, anchor);
        await node.LoadAsync(CancellationToken.None);
        _clock = node.Clock;
        if (_surroundings.ClocksAreConfirmed)
            node.Clock.Confirm();
        Listen(life, node);
        foreach (var service in node.Services)
            await life.StartServiceAsync(service);
    }

    private NodeComposition Compose(NodeLife life, INodeStore store, LedgerAnchor anchor) => NodeComposition.Build(new NodeDependencies
    {
        Time = life.Time,
        Random = life.Random,
        Entropy = life.SecureBytes.Fill,
        Store = store,
        Anchor = anchor,
        Identity = Institute.Identity,
        Scheme = SimSignatures.Scheme,
        Network = _ => partner => _surroundings.Network.Connect(life, _surroundings.NodeOf(partner.Institute), PartnerPort)
            .Intercept(new ReceiptWitness(this, partner.Institute)),
        MaxLiveRecordsPerPartner = 1_000_000,
        Logs = life.Loggers,
    });

    private void Listen(NodeLife life, NodeComposition node)
    {
        var interceptors = new List<Interceptor>();
        if (_surroundings.Model is { } model)
            interceptors.Add(new DisclosureWitness(this, model));
        if (_surroundings.SpoilAnswers is { } spoil)
            interceptors.Add(spoil(this));
        var partners = new ListenOptions
        {
            Port = PartnerPort,
            Caller = client => new PartnerCaller(InstituteId.Parse(client.Name)),
            Errors = Translate,
            Interceptors = interceptors,
        };
        ExchangeService.BindService(_surroundings.Network.Listen(life, partners), node.Exchange);
        var caller = new ClientCaller("systems", ClientRoles.Reader | ClientRoles.Publisher | ClientRoles.Operator);
        var own = _surroundings.Network.Listen(life, new ListenOptions { Port = OwnPort, Caller = _ => caller, Errors = Translate });
        RecordsService.BindService(own, node.Records);
        OperatorService.BindService(own, node.Operator);
    }

    /// <summary>What the node translates to INTERNAL is a fault in it, unless the peer was gone before the write.</summary>
    private RpcException? Translate(Exception exception)
    {
        var translated = ErrorTranslation.Translate(exception);
        if (translated?.StatusCode == StatusCode.Internal && !exception.Message.StartsWith("Can't write the message", StringComparison.Ordinal))
            Fail($"failed to answer: {exception}");
        return translated;
    }
}
