using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>A WITHDRAW or an ERASE that the partner's receipts do not cover.</summary>
internal sealed record PendingRemoval(int Partner, LedgerEntry Entry, RecordName Name, long AppendedMs, long LastReceiptMs);
