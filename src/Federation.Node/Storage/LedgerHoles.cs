namespace Federation.Node.Storage;

/// <summary>Entries of a ledger that were got back as hashes alone: what they said of a record nobody knows any more.</summary>
/// <param name="Count">Their number.</param>
/// <param name="End">They all lie below this sequence number.</param>
internal readonly record struct LedgerHoles(uint Count, ulong End);
