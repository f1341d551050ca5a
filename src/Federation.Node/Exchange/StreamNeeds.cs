using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;

namespace Federation.Node.Exchange;

/// <summary>What every stream of a node shares.</summary>
internal sealed record StreamNeeds(
    INodeStore Store,
    RosterSource Roster,
    LedgerSessions Sessions,
    Publication Publication,
    HoldQueue Holds,
    HeadSigner Signer,
    ReleaseClock Clock,
    TimeProvider Time);
