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
        var roster = new RosterSource(world.Store, world.Scheme, world.Identity.Institute, world.Identity.RootFingerprint);
        var clients = new ClientDirectory(world.Store);
        var shutdown = new Shutdown();
        var publication = new Publication();
        var holds = new HoldQueue();
        var clock = new ReleaseClock(world.Time);
        var audits = new LedgerAudits(world.Store, world.Time, world.Logs.CreateLogger<LedgerAudits>());
        var discloser = new Discloser(world.Store, roster, world.Identity, holds, publication, clock, audits, world.Time, world.Logs.CreateLogger<Discloser>());
        var sessions = new LedgerSessions();
        var streams = new StreamNeeds(
            world.Store, roster, sessions, publication, holds, new HeadSigner(world.Identity, audits, world.Anchor, world.Time), clock, world.Time);
        var network = world.Network(roster);
        var statuses = new FollowerStatuses();
        var heads = new HeardHeads(world.Time);
        var lines = new PartnerLines(network);
        // Calls beside a follower's take its connection: another one would end it.
        PartnerConnector beside = partner => lines.Find(partner) ?? network(partner);
        var followers = new FollowerNeeds(
            world.Store, roster, world.Scheme, world.Identity, statuses, heads, lines, clock, world.Entropy, world.Time, world.Random,
            world.MaxLiveRecordsPerPartner,
            world.Logs.CreateLogger<PartnerFollower>());
        var publisher = new RecordPublisher(world.Store, world.Identity.Institute, world.Time, world.Entropy);
        var reader = new RecordReader(world.Store, world.Identity.Institute);
        var proofs = new LedgerProofs(world.Store);
        var standings = new LedgerStandings(proofs, world.Anchor);
        var recoveries = new RecoverySignal();
        var recoveryFaults = new RecoveryFaults();
        var recoverer = new LedgerRecoverer(new RecoveryNeeds(
            world.Store, roster, world.Identity, standings, audits, new LedgerRewind(world.Store, proofs), recoveries, recoveryFaults, beside, clock,
            world.Entropy, world.Time, world.Random, world.Logs.CreateLogger<LedgerRecoverer>()));
        var contacts = new ContactDesk(streams, world.Identity, proofs, standings, audits, recoveries, world.Logs.CreateLogger<ContactDesk>());
        var receipts = new ReceiptDesk(streams, proofs, world.Logs.CreateLogger<ReceiptDesk>());
        var evidence = new EvidenceDesk(streams, world.Identity, world.Scheme, world.Logs.CreateLogger<EvidenceDesk>());
        var scrub = new ScrubBoard();
        var desks = BuildDesks(world, clients, streams, followers, new LedgerParts(proofs, standings, contacts, receipts, recoveryFaults), scrub, beside);
        return new NodeComposition
        {
            Store = world.Store,
            Roster = roster,
            Clock = clock,
            Clients = clients,
            Shutdown = shutdown,
            Records = new RecordsEndpoint(publisher, reader, shutdown),
            Operator = new OperatorEndpoint(world.Store, world.Identity, desks, roster, world.Time),
            Exchange = new ExchangeEndpoint(
                streams,
                world.Identity,
                proofs,
                audits,
                new ExchangeDesks(contacts, receipts, new TreeDesk(world.Store, proofs), new EntryDesk(streams, proofs), evidence, new EchoDesk(streams), new HolderDesk(world.Store)),
                world.Random,
                shutdown),
            Services =
            [
                discloser,
                new FollowSupervisor(followers, roster),
                new Retention(world.Store, world.AuditPeriod, world.Time, world.Logs.CreateLogger<Retention>()),
                recoverer,
                new HeadWatch(roster, statuses, heads, world.Time, world.Logs.CreateLogger<HeadWatch>()),
                new Scrubber(world.Store, new ScrubTasks(world.Store, roster), scrub, world.Time, world.Logs.CreateLogger<Scrubber>()),
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

    private static OperatorDesks BuildDesks(
        NodeDependencies world, ClientDirectory clients, StreamNeeds streams, FollowerNeeds followers, LedgerParts ledgers, ScrubBoard scrub,
        PartnerConnector beside)
    {
        var roster = streams.Roster;
        var previews = new PreviewDesk(roster, new SharingPreview(world.Store, streams.Clock));
        return new OperatorDesks(
            new PartnerDesk(world.Store, roster, world.Identity, streams.Sessions, followers.Statuses, followers.Heads, ledgers.Faults, world.Scheme, world.Entropy),
            new PolicyDesk(world.Store, roster, world.Identity, previews, streams.Clock, world.Time),
            previews,
            new HistoryDesk(world.Store, world.Identity),
            new ViewDesk(world.Store, roster, world.Identity, streams.Clock),
            new GroupDesk(world.Store, roster, previews, world.Time),
            new CommunityDesk(world.Store, roster, world.Identity, world.Time),
            new RecordHolderDesk(world.Store, roster, world.Identity, followers.Lines, world.Time),
            new OverdueDesk(world.Store, roster, streams.Sessions, world.Time),
            new ClockDesk(streams.Clock, roster, world.Logs.CreateLogger<ClockDesk>()),
            new ScrubDesk(scrub),
            new SubmissionDesk(world.Store, roster, beside, world.Time),
            new ClientDesk(world.Store, clients, world.Time),
            new LedgerExporter(streams, world.Identity),
            new BackupDesk(world.Store, world.Identity, world.Entropy, world.Time, world.Logs.CreateLogger<BackupDesk>()),
            new ResetDesk(
                world.Store, roster, world.Identity, ledgers.Proofs, ledgers.Standings, streams.Sessions, world.Time, world.Logs.CreateLogger<ResetDesk>()),
            new ContactExporter(world.Store, world.Identity, world.Time),
            new StretchExporter(streams, world.Identity, ledgers.Proofs, ledgers.Contacts, ledgers.Receipts),
            new StretchImporter(followers),
            new BundleDesk(streams, world.Identity, ledgers.Proofs),
            new ReconcileDesk(world.Store, ledgers.Proofs, beside, world.Time));
    }

    private sealed record LedgerParts(LedgerProofs Proofs, LedgerStandings Standings, ContactDesk Contacts, ReceiptDesk Receipts, RecoveryFaults Faults);
}
