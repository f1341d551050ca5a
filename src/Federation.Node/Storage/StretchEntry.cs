namespace Federation.Node.Storage;

/// <summary>One entry of a stretch.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Latest">The latest entry of the same record in the same ledger.</param>
/// <param name="Record">The record, with its body if the entry is its latest and a DISCLOSE.</param>
/// <param name="Signature">The signature under the view, if it is forwardable.</param>
internal sealed record StretchEntry(LedgerEntry Entry, DisclosedRow Latest, StoredRecord Record, byte[]? Signature);
