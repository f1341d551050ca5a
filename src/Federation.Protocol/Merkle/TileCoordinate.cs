namespace Federation.Protocol.Merkle;

/// <summary>Where a tile is: hash <c>i</c> of tile (level, index) is the perfect subtree (8 × level, 256 × index + i).</summary>
/// <param name="Level">The tile's level, 0 for tiles of leaf hashes.</param>
/// <param name="Index">The tile's number within its level, from 0.</param>
public readonly record struct TileCoordinate(int Level, ulong Index);
