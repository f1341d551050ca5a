using System.Collections.Concurrent;

namespace Federation.Node.Exchange;

/// <summary>The sessions of all partners' ledgers.</summary>
internal sealed class LedgerSessions
{
    private readonly ConcurrentDictionary<int, LedgerSession> byPartner = new();

    /// <summary>The session of one partner's ledger.</summary>
    public LedgerSession Of(int partner) => byPartner.GetOrAdd(partner, _ => new LedgerSession());
}
