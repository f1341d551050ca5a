using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Keys;

namespace Federation.Node.Exchange;

/// <summary>What every follower of a node shares.</summary>
internal sealed record FollowerNeeds(
    INodeStore Store,
    RosterSource Roster,
    SignatureScheme Scheme,
    NodeIdentity Identity,
    FollowerStatuses Statuses,
    HeardHeads Heads,
    PartnerLines Lines,
    ReleaseClock Clock,
    EntropySource Entropy,
    TimeProvider Time,
    Random Random,
    ulong MaxLiveRecords,
    ILogger Logger);
