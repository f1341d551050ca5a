using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Ledger;

/// <summary>An entry that a partner's ledger should get; its sequence number comes when it is appended.</summary>
internal readonly record struct PlannedEntry(
    RecordName Name, long Rec, long ChangedN, byte Operation, uint Vrev, Digest StatementHash, Digest Opened, DisclosedRow? Previous, EntryDecision Decision)
{
    /// <summary>Whether the ledger holds the record before this entry.</summary>
    public bool WasLive => Previous is { Operation: (byte)LedgerOperation.Disclose };

    /// <summary>Whether the record comes into the partner's sight, or goes out of it.</summary>
    public bool Flips => WasLive != (Operation == (byte)LedgerOperation.Disclose);
}
