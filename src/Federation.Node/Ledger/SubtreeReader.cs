using Federation.Node.Storage;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;

namespace Federation.Node.Ledger;

/// <summary>
/// Answers the hashes of perfect subtrees of a partner's tree: from tiles as they are stored, and at the end of the tree from its entries.
/// Reads each tile once. Owned by one reading.
/// </summary>
internal sealed class SubtreeReader(LedgerHead head, Func<int, long, byte[]?> readTile, Func<ulong, IReadOnlyList<LedgerEntryName>> readTail)
{
    private readonly Dictionary<TileCoordinate, byte[]> tiles = [];

    /// <summary>The hash of the perfect subtree at (level, index), which lies within the tree.</summary>
    /// <exception cref="LedgerDamagedException">Its tile is not whole.</exception>
    public Digest Read(int level, ulong index)
    {
        var coordinate = Tiles.TileOf(level, index);
        if (!tiles.TryGetValue(coordinate, out var tile))
            tiles.Add(coordinate, tile = Load(coordinate));
        return Tiles.IsKnown(level, index, tile)
            ? Tiles.Node(level, index, tile)
            : throw new LedgerDamagedException($"tile {coordinate.Level}/{coordinate.Index} does not hold the subtree of level {level} at {index}");
    }

    /// <summary>Whether the hash of a perfect subtree within the tree is known: it may lie within a larger one of which the hash came back alone.</summary>
    public bool Knows(int level, ulong index)
    {
        var coordinate = Tiles.TileOf(level, index);
        if (!tiles.TryGetValue(coordinate, out var tile))
        {
            if (!IsTail(coordinate) && readTile(coordinate.Level, (long)coordinate.Index) is null)
                return false;
            tiles.Add(coordinate, tile = Load(coordinate));
        }

        return Tiles.IsKnown(level, index, tile);
    }

    // The last tile of leaves is not stored before it is full. It is if the ledger has grown since; of its entries some may be pruned then.
    private byte[] Load(TileCoordinate coordinate)
    {
        var tile = readTile(coordinate.Level, (long)coordinate.Index) ?? (IsTail(coordinate) ? HashesOf(readTail(coordinate.Index * Tiles.HashesPerTile)) : null);
        return tile is not null && tile.Length >= Tiles.HashesIn(coordinate, head.Size) * Digest.SizeBytes
            ? tile
            : throw new LedgerDamagedException($"tile {coordinate.Level}/{coordinate.Index} is missing or cut short");
    }

    private bool IsTail(TileCoordinate coordinate) => coordinate.Level == 0 && coordinate.Index == head.Size / Tiles.HashesPerTile;

    private byte[] HashesOf(IReadOnlyList<LedgerEntryName> tail)
    {
        var leaves = LedgerTree.HashesOf(head.Ledger, tail).ToList();
        var hashes = new byte[leaves.Count * Digest.SizeBytes];
        for (var i = 0; i < leaves.Count; i++)
            leaves[i].Write(hashes.AsSpan(i * Digest.SizeBytes));
        return hashes;
    }
}
