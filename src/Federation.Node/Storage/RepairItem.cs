namespace Federation.Node.Storage;

/// <summary>One entry that is stored again.</summary>
/// <param name="PieceSeq">The piece of the ledger that covered the entry, by its first sequence number.</param>
/// <param name="Pieces">What the piece is replaced by: the entry, and what lies beside it.</param>
/// <param name="Received">The entry and its record.</param>
internal sealed record RepairItem(ulong PieceSeq, IReadOnlyList<HeldItem> Pieces, ReceivedItem Received);
