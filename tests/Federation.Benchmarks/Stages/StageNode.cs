using System.Security.Cryptography;
using Federation.Cli.Setup;
using Federation.Node;
using Federation.Node.Partners;
using Federation.Node.Sharing;
using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;
using NodePartner = Federation.Node.Partners.Partner;

namespace Federation.Benchmarks.Stages;

/// <summary>The store, identity and roster of a node without its listeners, so that one stage can be run at a time.</summary>
internal sealed class StageNode : IAsyncDisposable
{
    private readonly PartnerCard card;

    private StageNode(PartnerCard card, NodeIdentity identity, INodeStore store, string databaseFile)
    {
        this.card = card;
        DatabaseFile = databaseFile;
        Identity = identity;
        Store = store;
        Roster = new RosterSource(store, SignatureScheme.Ecdsa, default, default);
    }

    public NodeIdentity Identity { get; }

    public INodeStore Store { get; }

    public RosterSource Roster { get; }

    public string DatabaseFile { get; }

    /// <summary>The only partner.</summary>
    public NodePartner Partner => Roster.Current.Partners[0];

    public static EntropySource Entropy => RandomNumberGenerator.Fill;

    public static StageNode Open(string parent, string institute)
    {
        var location = Path.Combine(parent, institute);
        var plan = new InstitutePlan { Location = location, Institute = InstituteId.Parse(institute), Advertise = ["127.0.0.1:1"] };
        var card = InstituteSetup.Create(plan, TimeProvider.System);
        if (!NodeOptionsFile.TryRead(location, out var options, out var errors))
            throw new InvalidOperationException(string.Join("; ", errors));
        var databaseFile = Path.Combine(options.DataDirectory, "federation.db");
        var store = SqliteNodeStore.Open(databaseFile, "stages", failure => Environment.FailFast(failure.Message));
        return new StageNode(card, IdentityFiles.Read(options, SignatureScheme.Ecdsa), store, databaseFile);
    }

    /// <summary>Pins another node, and puts a policy in force if there is one.</summary>
    public async Task AddPartnerAsync(StageNode other, bool share, string? policy, CancellationToken cancellationToken)
    {
        var ledger = new byte[LedgerId.SizeBytes];
        Entropy(ledger);
        var write = new PartnerWrite
        {
            Institute = other.Identity.Institute,
            Card = other.card.ToByteArray(),
            RootFingerprint = other.Identity.RootFingerprint,
            Share = share,
            Follow = !share,
            NewLedger = LedgerId.Read(ledger),
        };
        var stored = await Store.SavePartnerAsync(write, cancellationToken) ?? throw new InvalidOperationException("the partner was not taken");
        if (policy is not null)
        {
            if (!PolicyCompiler.TryCompile(policy, "policy.yaml", null, out var compiled, out var faults))
                throw new InvalidOperationException(faults[0].ToString());
            await Store.ApplyPolicyAsync(new PolicyWrite(stored.Number, policy, compiled!.ClassHash, 1), cancellationToken);
        }

        await Roster.ReloadAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
