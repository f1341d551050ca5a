using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>One ledger entry with what decided it.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Name">The record.</param>
/// <param name="Decision">What decided.</param>
/// <param name="Context">By what it was judged.</param>
/// <param name="Previous">The sequence number of the record's entry before; null if it is the first.</param>
internal sealed record DecidedEntry(LedgerEntry Entry, RecordName Name, EntryDecision Decision, DecisionContext Context, ulong? Previous);
