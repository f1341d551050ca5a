using Federation.Protocol.Records;

namespace Federation.Protocol.Merkle;

/// <summary>
/// A tree in tiles (C2SP tlog-tiles.md): each holds up to 256 hashes, those of every eighth level of the tree. The levels between
/// are recomputed from them. Where only the hash of a subtree is known, it stands in the place of its first hash and zeros stand in the
/// places of the others.
/// </summary>
public static class Tiles
{
    /// <summary>The levels of the tree that one tile spans.</summary>
    public const int Height = 8;

    /// <summary>The hashes of a full tile.</summary>
    public const int HashesPerTile = 1 << Height;

    /// <summary>The tile from which the perfect subtree at (level, index) follows.</summary>
    public static TileCoordinate TileOf(int level, ulong index) =>
        new(level / Height, FirstHash(level, index) / HashesPerTile);

    /// <summary>The number of hashes, 0 to 256, that a tile has in a tree of <paramref name="size"/> leaves.</summary>
    public static int HashesIn(TileCoordinate tile, ulong size)
    {
        var shift = tile.Level * Height;
        var hashes = shift < 64 ? size >> shift : 0;
        // Compared before multiplying, since an index from a request may be anything.
        if (tile.Index > hashes / HashesPerTile)
            return 0;
        return (int)Math.Min(HashesPerTile, hashes - tile.Index * HashesPerTile);
    }

    /// <summary>The hash of the perfect subtree at (level, index), from the hashes of <see cref="TileOf"/>, which may be a partial tile.</summary>
    /// <exception cref="ArgumentException">The tile is too short to contain the subtree, or only the hash of a larger one is known.</exception>
    public static Digest Node(int level, ulong index, ReadOnlySpan<byte> tileHashes)
    {
        var count = 1 << (level % Height);
        var first = (int)(FirstHash(level, index) % HashesPerTile);
        if (tileHashes.Length < (first + count) * Digest.SizeBytes)
            throw new ArgumentException("The tile is too short to contain the subtree.", nameof(tileHashes));
        if (IsWithinKnown(first, count, tileHashes))
            throw new ArgumentException("Only the hash of a larger subtree is known.", nameof(tileHashes));
        Span<Digest> nodes = stackalloc Digest[HashesPerTile / 2];
        for (var i = 0; i < count; i++)
            nodes[i] = Digest.Read(tileHashes[((first + i) * Digest.SizeBytes)..]);
        for (; count > 1; count /= 2)
        {
            for (var i = 0; i < count / 2; i++)
                nodes[i] = nodes[2 * i + 1].IsZero ? nodes[2 * i] : MerkleHash.Node(nodes[2 * i], nodes[2 * i + 1]);
        }
        return nodes[0];
    }

    /// <summary>Whether the hash of the perfect subtree at (level, index) follows from its tile, where it may lie within one that is known as a whole only.</summary>
    public static bool IsKnown(int level, ulong index, ReadOnlySpan<byte> tileHashes) =>
        !IsWithinKnown((int)(FirstHash(level, index) % HashesPerTile), 1 << (level % Height), tileHashes);

    // The place of the hash is empty, or that of its right sibling is: then this place holds the hash of both.
    private static bool IsWithinKnown(int first, int count, ReadOnlySpan<byte> tileHashes)
    {
        var next = first + count;
        return Digest.Read(tileHashes[(first * Digest.SizeBytes)..]).IsZero
            || (first % (2 * count) == 0 && next < HashesPerTile && tileHashes.Length >= (next + 1) * Digest.SizeBytes
                && Digest.Read(tileHashes[(next * Digest.SizeBytes)..]).IsZero);
    }

    /// <summary>The tiles that <see cref="InclusionProof.Build"/> reads, each once, in order.</summary>
    public static IEnumerable<TileCoordinate> ForInclusion(ulong index, ulong size) =>
        Needed(perfectSubtree => InclusionProof.Build(index, size, perfectSubtree));

    /// <summary>The tiles that <see cref="ConsistencyProof.Build"/> reads, each once, in order.</summary>
    public static IEnumerable<TileCoordinate> ForConsistency(ulong oldSize, ulong newSize) =>
        Needed(perfectSubtree => ConsistencyProof.Build(oldSize, newSize, perfectSubtree));

    private static IOrderedEnumerable<TileCoordinate> Needed(Action<Func<int, ulong, Digest>> build)
    {
        var tiles = new HashSet<TileCoordinate>();
        build((level, index) =>
        {
            tiles.Add(TileOf(level, index));
            return default;
        });
        return tiles.OrderBy(tile => tile.Level).ThenBy(tile => tile.Index);
    }

    private static ulong FirstHash(int level, ulong index) => index << (level % Height);
}
