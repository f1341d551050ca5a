using System.Collections.Concurrent;

namespace Federation.Node.Exchange;

/// <summary>What keeps ledgers from being got back, in words; written by the recoverer and read by operators.</summary>
internal sealed class RecoveryFaults
{
    private readonly ConcurrentDictionary<int, string> byPartner = new();

    /// <summary>What keeps the ledger for a partner; empty if nothing does.</summary>
    public string Of(int partner) => byPartner.GetValueOrDefault(partner, "");

    /// <summary>Notes it.</summary>
    public void Set(int partner, string fault) => byPartner[partner] = fault;
}
