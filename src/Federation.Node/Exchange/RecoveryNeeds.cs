using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Keys;

namespace Federation.Node.Exchange;

/// <summary>What getting ledgers back needs.</summary>
/// <param name="Store">Durable state.</param>
/// <param name="Roster">The partners.</param>
/// <param name="Identity">The node's own keys.</param>
/// <param name="Standings">Compares ledgers with the anchor.</param>
/// <param name="Audits">Stops ledgers that are damaged.</param>
/// <param name="Rewind">Compares ledgers with echoes.</param>
/// <param name="Signal">Tells that a ledger lacks its end.</param>
/// <param name="Faults">What operators see.</param>
/// <param name="Connect">Calls partners over connections of its own.</param>
/// <param name="Clock">The clock by which embargoes end.</param>
/// <param name="Entropy">Keys of records that are made anew.</param>
/// <param name="Time">Time and timers.</param>
/// <param name="Random">Jitter.</param>
/// <param name="Logger">The log.</param>
internal sealed record RecoveryNeeds(
    INodeStore Store,
    RosterSource Roster,
    NodeIdentity Identity,
    LedgerStandings Standings,
    LedgerAudits Audits,
    LedgerRewind Rewind,
    RecoverySignal Signal,
    RecoveryFaults Faults,
    PartnerConnector Connect,
    ReleaseClock Clock,
    EntropySource Entropy,
    TimeProvider Time,
    Random Random,
    ILogger Logger);
