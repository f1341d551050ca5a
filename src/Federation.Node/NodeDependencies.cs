using Federation.Node.Exchange;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Keys;

namespace Federation.Node;

/// <summary>Everything through which a node touches the world: time, randomness, network, storage. Programs and the simulation supply it.</summary>
internal sealed record NodeDependencies
{
    /// <summary>Time and timers.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Randomness that decides nothing about security: jitter, ages.</summary>
    public required Random Random { get; init; }

    /// <summary>Bytes that nobody can predict: keys, ids, nonces.</summary>
    public required EntropySource Entropy { get; init; }

    /// <summary>Durable state.</summary>
    public required INodeStore Store { get; init; }

    /// <summary>The largest head signed in each ledger, kept apart from the store; closed by whoever opened it.</summary>
    public required LedgerAnchor Anchor { get; init; }

    /// <summary>The node's own identity and signers.</summary>
    public required NodeIdentity Identity { get; init; }

    /// <summary>How signatures are checked.</summary>
    public required SignatureScheme Scheme { get; init; }

    /// <summary>How partners are reached, given the roster that pins their keys.</summary>
    public required Func<RosterSource, PartnerConnector> Network { get; init; }

    /// <summary>The most live records that are held from one partner.</summary>
    public required ulong MaxLiveRecordsPerPartner { get; init; }

    /// <summary>How long superseded ledger entries keep their rows.</summary>
    public TimeSpan AuditPeriod { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Where the log goes.</summary>
    public required ILoggerFactory Logs { get; init; }
}
