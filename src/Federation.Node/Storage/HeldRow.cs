namespace Federation.Node.Storage;

/// <summary>The latest entry that was applied for one record of a partner, tombstones included.</summary>
/// <param name="Rec">The record's local number.</param>
/// <param name="Vrev">The entry's vrev; 0 for a record that is awaited, of which there is none.</param>
/// <param name="Live">Whether the record is live in the partner's ledger (readable or in quarantine).</param>
/// <param name="Leaf">The entry's 78 bytes; empty if there is none.</param>
/// <param name="Past">The incarnation that the entry is of, if the ledger was begun anew since; 0 if it is of the present one.</param>
internal sealed record HeldRow(long Rec, uint Vrev, bool Live, byte[] Leaf, uint Past);
