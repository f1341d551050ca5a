using Federation.Node.Access;
using Federation.Node.Exchange;
using Federation.Node.Ledger;
using Federation.Node.Operations;
using Federation.Node.Partners;
using Federation.Node.Records;
using Federation.Node.Storage;

namespace Federation.Node;

/// <summary>The object graph of one node, the same for the program and for the simulation. Nothing of it is static.</summary>
internal sealed class NodeComposition
{
    private NodeComposition()
    {
    }

    /// <summary>Durable state.</summary>
    public required INodeStore Store { get; init; }

    /// <summary>The partners in force.</summary>
    public required RosterSource Roster { get; init; }

    /// <summary>The clock by which embargoes end.</summary>
    public required ReleaseClock Clock { get; init; }

    /// <summary>The clients in force.</summary>
    public required ClientDirectory Clients { get; init; }

    /// <summary>Ends calls when the node stops.</summary>
    public required Shutdown Shutdown { get; init; }

    /// <summary>The institute's own systems.</summary>
    public required RecordsEndpoint Records { get; init; }

    /// <summary>Operators.</summary>
    public required OperatorEndpoint Operator { get; init; }

    /// <summary>Partners.</summary>
    public required ExchangeEndpoint Exchange { get; init; }

    /// <summary>The loops, in the order in which they start.</summary>
    public required IReadOnlyList<BackgroundService> Services { get; init; }

    /// <summary>Builds the graph.</summary>
    public static NodeComposition Build(NodeDependencies world)
    {
        var roster = new RosterSource(world.Store, world.Scheme);
        var clients = new ClientDirectory(world.Store);
        var shutdown = new Shutdown();
        var publication = new Publication();
        var holds = new HoldQueue();
        var clock = new ReleaseClock(world.Time);
        var discloser = new Discloser(world.Store, roster, world.Identity, holds, publication, clock, world.Time, world.Logs.CreateLogger<Discloser>());
        var sessions = new LedgerSessions();
        var streams = new StreamNeeds(
            world.Store, roster, sessions, publication, holds, new HeadSigner(world.Identity, world.Time), clock, world.Time);
        var statuses = new FollowerStatuses();
        var heads = new HeardHeads(world.Time);
        var followers = new FollowerNeeds(
            world.Store, world.Identity, statuses, heads, world.Network(roster), clock, world.Entropy, world.Time, world.Random, world.MaxLiveRecordsPerPartner,
            world.Logs.CreateLogger<PartnerFollower>());
        var publisher = new RecordPublisher(world.Store, world.Identity.Institute, world.Time, world.Entropy);
        var reader = new RecordReader(world.Store, world.Identity.Institute);
        var proofs = new LedgerProofs(world.Store);
        var contacts = new ContactDesk(streams, world.Identity, proofs, world.Logs.CreateLogger<ContactDesk>());
        var receipts = new ReceiptDesk(streams, proofs, world.Logs.CreateLogger<ReceiptDesk>());
        var previews = new PreviewDesk(roster, new SharingPreview(world.Store, clock));
        var desks = new OperatorDesks(
            new PartnerDesk(world.Store, roster, world.Identity, sessions, statuses, heads, world.Scheme, world.Entropy),
            new PolicyDesk(world.Store, roster, world.Identity, previews, clock, world.Time),
            previews,
            new HistoryDesk(world.Store, world.Identity),
            new ViewDesk(world.Store, roster, world.Identity, clock),
            new GroupDesk(world.Store, roster, previews, world.Time),
            new OverdueDesk(world.Store, roster, sessions, world.Time),
            new ClockDesk(clock, roster, world.Logs.CreateLogger<ClockDesk>()),
            new ClientDesk(world.Store, clients, world.Time),
            new LedgerExporter(streams, world.Identity),
            new BackupDesk(world.Store, world.Identity, world.Entropy, world.Time, world.Logs.CreateLogger<BackupDesk>()),
            new EvidenceDesk(streams, world.Identity, proofs),
            new ReconcileDesk(world.Store, proofs, world.Network(roster), world.Time));
        return new NodeComposition
        {
            Store = world.Store,
            Roster = roster,
            Clock = clock,
            Clients = clients,
            Shutdown = shutdown,
            Records = new RecordsEndpoint(publisher, reader, shutdown),
            Operator = new OperatorEndpoint(world.Store, world.Identity, desks, roster, world.Time),
            Exchange = new ExchangeEndpoint(streams, world.Identity, proofs, contacts, receipts, new TreeDesk(world.Store, proofs),
                new EntryDesk(streams, proofs), world.Random, shutdown),
            Services =
            [
                discloser,
                new FollowSupervisor(followers, roster),
                new Retention(world.Store, world.AuditPeriod, world.Time, world.Logs.CreateLogger<Retention>()),
                new HeadWatch(roster, statuses, heads, world.Time, world.Logs.CreateLogger<HeadWatch>()),
            ],
        };
    }

    /// <summary>Reads what was stored; to be awaited before calls are taken and loops start.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await Roster.ReloadAsync(cancellationToken);
        await Clients.ReloadAsync(cancellationToken);
        await Clock.LoadAsync(Store, cancellationToken);
    }
}
