using Federation.Node.Storage;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;

namespace Federation.Node.Ledger;

/// <summary>Reads what proofs over a partner's tree need: full tiles as they are stored, and the end of the tree from its entries.</summary>
internal sealed class LedgerProofs(INodeStore store)
{
    /// <summary>The compact range over the first entries, and with it the root at that size.</summary>
    /// <exception cref="ProofUnavailableException">The size lies within entries that came back as one hash.</exception>
    public async Task<CompactRange> RangeAtAsync(LedgerHead head, ulong size, CancellationToken cancellationToken) =>
        await FindRangeAtAsync(head, size, cancellationToken) ?? throw new ProofUnavailableException($"what lies before entry {size} came back as a part of one hash");

    /// <summary>The compact range over the first entries; null if the size lies within entries that came back as one hash.</summary>
    public async Task<CompactRange?> FindRangeAtAsync(LedgerHead head, ulong size, CancellationToken cancellationToken)
    {
        var nodes = new List<(int Level, ulong Index)>();
        for (var level = CompactRange.MaxLevel; level >= 0; level--)
        {
            if (((size >> level) & 1) == 1)
                nodes.Add((level, (size >> level) - 1));
        }

        var reader = await ReaderAsync(head, nodes.Select(n => Tiles.TileOf(n.Level, n.Index)), cancellationToken);
        var range = new CompactRange();
        foreach (var (level, index) in nodes)
        {
            if (IsLost(head, reader, level, index))
                return null;
            range.AppendSubtree(level, reader.Read(level, index));
        }

        return range;
    }

    /// <summary>The proof that one size is a prefix of another.</summary>
    /// <exception cref="ProofUnavailableException">The old size lies within entries that came back as one hash.</exception>
    public async Task<List<Digest>> ConsistencyAsync(LedgerHead head, ulong oldSize, ulong newSize, CancellationToken cancellationToken)
    {
        var subtree = await LoadAsync(head, Tiles.ForConsistency(oldSize, newSize), cancellationToken);
        return ConsistencyProof.Build(oldSize, newSize, subtree);
    }

    /// <summary>The proof that an entry is part of the tree at a size.</summary>
    /// <exception cref="ProofUnavailableException">The entry, or the size, lies within entries that came back as one hash.</exception>
    public async Task<List<Digest>> InclusionAsync(LedgerHead head, ulong seq, ulong size, CancellationToken cancellationToken)
    {
        var subtree = await LoadAsync(head, Tiles.ForInclusion(seq, size), cancellationToken);
        return InclusionProof.Build(seq, size, subtree);
    }

    /// <summary>The first hashes of a tile, concatenated; zero where only the hash of a larger subtree came back.</summary>
    public async Task<byte[]> TileAsync(LedgerHead head, TileCoordinate tile, int hashes, CancellationToken cancellationToken)
    {
        var bytes = new byte[hashes * Digest.SizeBytes];
        if (hashes == 0)
            return bytes;
        var reader = await ReaderAsync(head, [tile], cancellationToken);
        for (var i = 0; i < hashes; i++)
        {
            var (level, index) = (tile.Level * Tiles.Height, tile.Index * Tiles.HashesPerTile + (ulong)i);
            if (reader.Knows(level, index))
                reader.Read(level, index).Write(bytes.AsSpan(i * Digest.SizeBytes));
        }

        return bytes;
    }

    /// <summary>The hashes of perfect subtrees within the tree, in the order asked for; null where only the hash of a larger one is known.</summary>
    public async Task<List<Digest?>> SubtreesAsync(LedgerHead head, IReadOnlyList<(int Level, ulong Index)> wanted, CancellationToken cancellationToken)
    {
        var reader = await ReaderAsync(head, wanted.Select(node => Tiles.TileOf(node.Level, node.Index)), cancellationToken);
        return [.. wanted.Select(node => reader.Knows(node.Level, node.Index) ? reader.Read(node.Level, node.Index) : (Digest?)null)];
    }

    /// <summary>Whether a perfect subtree lies within entries that came back as one hash. A tile that is missing anywhere else is damage.</summary>
    public static bool IsLost(LedgerHead head, SubtreeReader reader, int level, ulong index) => index << level < head.HolesEnd && !reader.Knows(level, index);

    private async Task<Func<int, ulong, Digest>> LoadAsync(LedgerHead head, IEnumerable<TileCoordinate> coordinates, CancellationToken cancellationToken)
    {
        var reader = await ReaderAsync(head, coordinates, cancellationToken);
        return (level, index) => IsLost(head, reader, level, index)
            ? throw new ProofUnavailableException($"of the {1UL << level} entries from {index << level} on only a part of one hash came back")
            : reader.Read(level, index);
    }

    private async Task<SubtreeReader> ReaderAsync(LedgerHead head, IEnumerable<TileCoordinate> coordinates, CancellationToken cancellationToken)
    {
        var wanted = coordinates.Select(t => (t.Level, Index: (long)t.Index)).Distinct().ToList();
        var tailFrom = head.Size / Tiles.HashesPerTile * Tiles.HashesPerTile;
        var (stored, tail) = await store.ReadTreeAsync(head.Partner, wanted, tailFrom, cancellationToken);
        var tiles = wanted.Zip(stored).ToDictionary(t => t.First, t => t.Second);
        return new SubtreeReader(head, (level, index) => tiles[(level, index)], _ => tail);
    }
}
