using Federation.Node.Storage;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;

namespace Federation.Node.Ledger;

/// <summary>
/// The tree of a followed ledger, from what is held of it: (1) all pieces are read once and their subtrees of 256 entries and more kept, (2) the
/// smaller ones are read again block by block, as proofs ask for them. One owner at a time.
/// </summary>
internal sealed class HeldTree
{
    private const int RowsPerRead = 256;

    private readonly INodeStore store;
    private readonly FollowRow row;
    private readonly Dictionary<(int Level, ulong Index), Digest> large = [];
    private readonly Dictionary<(int Level, ulong Index), Digest> atEdge = [];
    private readonly Dictionary<(int Level, ulong Index), Digest> inBlock = [];
    private ulong? block;

    private HeldTree(INodeStore store, FollowRow row)
    {
        this.store = store;
        this.row = row;
    }

    /// <summary>The root that all pieces give.</summary>
    public Digest Root { get; private set; }

    /// <summary>Reads all pieces, and tells of each.</summary>
    public static async Task<HeldTree> ReadAsync(INodeStore store, FollowRow row, Action<HeldItem> visit, CancellationToken cancellationToken)
    {
        var tree = new HeldTree(store, row);
        var range = new CompactRange();
        var fold = new SubtreeFold(0, tree.Keep);
        while (range.Size < row.Size)
        {
            var stretch = await store.ReadInboundAsync(row.Partner, range.Size, RowsPerRead, cancellationToken);
            foreach (var item in stretch.Items.TakeWhile(item => item.End <= row.Size))
            {
                if (item.Seq != range.Size || !range.CanAppendSubtree(item.Level))
                    throw new StoreFaultException($"what is held of the ledger of partner {row.Partner} has a gap at entry {range.Size}");
                visit(item);
                range.AppendSubtree(item.Level, item.Hash);
                fold.Append(item.Level, item.Hash);
            }

            if (stretch.Items.Count == 0 || stretch.Items[^1].End > range.Size)
                throw new StoreFaultException($"what is held of the ledger of partner {row.Partner} ends at entry {range.Size} of {row.Size}");
        }

        tree.Root = range.Root();
        return tree;
    }

    /// <summary>The pieces of a block of 256 entries, with the records whose latest entry lies there; proofs for its entries may be asked for then.</summary>
    public async Task<InboundStretch> ReadBlockAsync(ulong index, CancellationToken cancellationToken)
    {
        var first = index * Tiles.HashesPerTile;
        var stretch = await store.ReadInboundAsync(row.Partner, first, Tiles.HashesPerTile, cancellationToken);
        (block, var end) = (index, Math.Min(first + Tiles.HashesPerTile, row.Size));
        inBlock.Clear();
        var items = stretch.Items.TakeWhile(item => item.Seq < end).ToList();
        if (items.Count > 0)
        {
            var fold = new SubtreeFold(items[0].Seq, (level, at, hash) => inBlock[(level, at)] = hash);
            foreach (var item in items)
                fold.Append(item.Level, item.Hash);
        }

        return stretch with { Items = items };
    }

    /// <summary>The proof that an entry of the block read last is part of the tree.</summary>
    public List<Digest> Inclusion(ulong seq) => InclusionProof.Build(seq, row.Size, Node);

    private void Keep(int level, ulong index, Digest hash)
    {
        if (level >= Tiles.Height)
            large[(level, index)] = hash;
        else if ((index << level) / Tiles.HashesPerTile == row.Size / Tiles.HashesPerTile)
            atEdge[(level, index)] = hash;
    }

    private Digest Node(int level, ulong index)
    {
        var from = level >= Tiles.Height ? large : (index << level) / Tiles.HashesPerTile == block ? inBlock : atEdge;
        return from.TryGetValue((level, index), out var hash)
            ? hash
            : throw new StoreFaultException($"what is held of the ledger of partner {row.Partner} does not give the subtree of level {level} at {index}");
    }
}
