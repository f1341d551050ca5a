namespace Federation.Node.Storage;

/// <summary>A record to reconcile.</summary>
/// <param name="Record">The record, without its body.</param>
/// <param name="Disclosed">The latest ledger entry of the record for each partner that was asked about and has one.</param>
internal sealed record ReconcileCandidate(StoredRecord Record, IReadOnlyList<DisclosedRow> Disclosed);
