using Federation.Node.Storage;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;

namespace Federation.Node.Ledger;

/// <summary>Proofs under one size of a partner's tree, asked for in ascending order: tiles that were read stay at hand. One owner at a time.</summary>
internal sealed class ProofSeries(INodeStore store, LedgerHead head, ulong size)
{
    private const int MostTiles = 64;

    private readonly Dictionary<(int Level, long Index), byte[]?> tiles = [];
    private IReadOnlyList<LedgerEntryName> tail = [];
    private SubtreeReader? reader;

    /// <summary>The proof that an entry is part of the tree.</summary>
    public async Task<List<Digest>> InclusionAsync(ulong seq, CancellationToken cancellationToken)
    {
        var subtrees = await LoadAsync(Tiles.ForInclusion(seq, size), cancellationToken);
        return InclusionProof.Build(seq, size, subtrees.Read);
    }

    /// <summary>The proof that a smaller size is a prefix of the tree; null if it lies within entries that came back as one hash.</summary>
    public async Task<List<Digest>?> FindConsistencyAsync(ulong oldSize, CancellationToken cancellationToken)
    {
        var subtrees = await LoadAsync(Tiles.ForConsistency(oldSize, size), cancellationToken);
        var lost = false;
        var proof = ConsistencyProof.Build(oldSize, size, (level, index) =>
        {
            lost |= LedgerProofs.IsLost(head, subtrees, level, index);
            return lost ? Digest.Zero : subtrees.Read(level, index);
        });
        return lost ? null : proof;
    }

    private async Task<SubtreeReader> LoadAsync(IEnumerable<TileCoordinate> coordinates, CancellationToken cancellationToken)
    {
        var wanted = coordinates.Select(tile => (tile.Level, Index: (long)tile.Index)).ToList();
        if (reader is not null && wanted.All(tiles.ContainsKey))
            return reader;
        if (tiles.Count + wanted.Count > MostTiles)
        {
            tiles.Clear();
            reader = null;
        }

        wanted.RemoveAll(tiles.ContainsKey);
        var tailFrom = head.Size / Tiles.HashesPerTile * Tiles.HashesPerTile;
        (var read, tail) = await store.ReadTreeAsync(head.Partner, wanted, tailFrom, cancellationToken);
        foreach (var (coordinate, hashes) in wanted.Zip(read))
            tiles.Add(coordinate, hashes);
        return reader ??= new SubtreeReader(head, (level, index) => tiles[(level, index)], _ => tail);
    }
}
