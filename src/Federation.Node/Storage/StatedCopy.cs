namespace Federation.Node.Storage;

/// <summary>What one received copy of a record states: its parts with their commitments, and the entry that it stands under.</summary>
/// <param name="Source">The partner that it came from.</param>
/// <param name="Kind">The record's kind.</param>
/// <param name="Schema">The schema number of its statement.</param>
/// <param name="Shape">The encoded <see cref="RecordShape"/>.</param>
/// <param name="Leaf">The entry's 78 bytes.</param>
/// <param name="Signature">The signature under the statement; empty if it has none.</param>
/// <param name="Past">The incarnation that the entry is of, if the ledger was begun anew since; 0 if it is of the present one.</param>
internal sealed record StatedCopy(int Source, ushort Kind, ushort Schema, byte[] Shape, byte[] Leaf, byte[] Signature, uint Past);
