using Federation.Node.Storage;
using Federation.Protocol.Records;

namespace Federation.Node.Ledger;

/// <summary>An entry that a partner's ledger should get; its sequence number comes when it is appended.</summary>
internal readonly record struct PlannedEntry(
    RecordName Name, long Rec, byte Operation, uint Vrev, Digest StatementHash, DisclosedRow? Previous, EntryDecision Decision);
