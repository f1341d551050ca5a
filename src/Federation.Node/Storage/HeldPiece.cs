namespace Federation.Node.Storage;

/// <summary>What is held where an entry stands, and of its record.</summary>
/// <param name="Piece">The last piece that begins at the entry or before it; null if there is none.</param>
/// <param name="Record">The record's row, whatever entry it is under; null if there is none. Live only if its body is there.</param>
internal sealed record HeldPiece(HeldItem? Piece, HeldRow? Record);
