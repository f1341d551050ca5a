namespace Federation.Node.Storage;

/// <summary>A record to reconcile.</summary>
/// <param name="Record">The record, without its body.</param>
/// <param name="Disclosed">The latest ledger entry of the record for each partner that has one.</param>
/// <param name="Partner">The only partner that is asked about; 0 means every partner.</param>
/// <param name="DueAtMs">The timer that made it a candidate; null if none did.</param>
internal sealed record ReconcileCandidate(StoredRecord Record, IReadOnlyList<DisclosedRow> Disclosed, int Partner, long? DueAtMs);
