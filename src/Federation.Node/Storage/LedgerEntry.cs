using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>One entry of a partner's ledger.</summary>
internal readonly record struct LedgerEntry(ulong Seq, byte Operation, long Rec, uint Vrev, Digest StatementHash, Digest Opened = default);
