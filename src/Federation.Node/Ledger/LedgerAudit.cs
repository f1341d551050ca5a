using System.Threading.Channels;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;

namespace Federation.Node.Ledger;

/// <summary>
/// Recomputes one ledger's root from what is stored, each time before a head is signed. Entries are read again once in a life of the process,
/// those before its start beyond the last few thousand not at all: their tiles are held against the stored range. A root at an older size is
/// taken from tiles, after these have been shown to be part of the audited tree.
/// </summary>
internal sealed class LedgerAudit(INodeStore store, LedgerId ledger, uint incarnation)
{
    private const int HashesPerTile = 256;
    private const int TilesReadAgainAtStart = 16;

    // One check at a time: whoever has put the one token in owns the tree.
    private readonly Channel<bool> turn = Channel.CreateBounded<bool>(1);
    private AuditedTree? tree;

    /// <summary>Whether the audit is of this ledger.</summary>
    public bool IsOf(LedgerHead head) => head.Ledger == ledger && head.Incarnation == incarnation;

    /// <summary>Holds a root against what is stored; throws <see cref="LedgerDamagedException"/> if they differ.</summary>
    public async Task CheckAsync(LedgerHead head, ulong size, Digest root, CancellationToken cancellationToken)
    {
        await turn.Writer.WriteAsync(true, cancellationToken);
        try
        {
            var rows = new TreeRows(store, head);
            tree ??= await LoadAsync(rows, head, cancellationToken);
            // To the end, whatever is to be signed: rows and the range that was made with them have to agree before any of it is believed.
            await ExtendToAsync(tree, rows, head.Size, cancellationToken);
            if (tree.Size == head.Size)
                RequireStored(head, tree.Root());
            var found = tree.Size == size ? tree.Root() : (await OlderAsync(tree, rows, size, cancellationToken)).Root();
            if (found != root)
                throw new LedgerDamagedException($"the stored entries give root {found} at size {size}, and {root} was about to be signed");
        }
        catch (LedgerDamagedException)
        {
            // Once an operator lets the ledger go on, nothing of this is believed.
            tree = null;
            throw;
        }
        finally
        {
            turn.Reader.TryRead(out _);
        }
    }

    private static async Task<AuditedTree> LoadAsync(TreeRows rows, LedgerHead head, CancellationToken cancellationToken)
    {
        var full = head.Size / HashesPerTile;
        // What was got back as the hash of several tiles can't be read entry by entry.
        var readable = Math.Min(full, (head.HolesEnd + HashesPerTile - 1) / HashesPerTile);
        var from = Math.Max(readable, full > TilesReadAgainAtStart ? full - TilesReadAgainAtStart : 0) * HashesPerTile;
        var open = new List<IReadOnlyList<Digest>>();
        var wanted = Enumerable.Range(0, AuditedTree.LevelsOf(from)).Select(level => (level, AuditedTree.OpenIndex(level, from))).ToList();
        var tiles = await rows.TilesAsync(wanted, cancellationToken);
        for (var level = 0; level < tiles.Count; level++)
            open.Add(Take(tiles[level], wanted[level], AuditedTree.OpenCount(level, from)));
        return AuditedTree.From(from, open);
    }

    private static void RequireStored(LedgerHead head, Digest root)
    {
        var stored = CompactRange.Decode(head.Size, head.Range).Root();
        if (stored != root)
            throw new LedgerDamagedException($"the stored entries give root {root} at size {head.Size}, and the stored range {stored}");
    }

    private static async Task ExtendToAsync(AuditedTree tree, TreeRows rows, ulong size, CancellationToken cancellationToken)
    {
        while (tree.Size < size)
            await ExtendAsync(tree, rows, Math.Min(size, (tree.Size / HashesPerTile + 1) * HashesPerTile), cancellationToken);
    }

    private static async Task ExtendAsync(AuditedTree tree, TreeRows rows, ulong until, CancellationToken cancellationToken)
    {
        var leaves = await rows.LeavesAsync(tree.Size, until, cancellationToken);
        var full = new List<((int Level, ulong Index) Name, IReadOnlyList<Digest> Hashes)>();
        foreach (var leaf in leaves)
            tree.Append(leaf, (level, index, hashes) => full.Add(((level, index), hashes)));
        if (full.Count == 0)
            return;
        var stored = await rows.TilesAsync([.. full.Select(tile => tile.Name)], cancellationToken);
        for (var i = 0; i < stored.Count; i++)
        {
            var (name, hashes) = full[i];
            if (!Take(stored[i], name, HashesPerTile).SequenceEqual(hashes))
                throw new LedgerDamagedException($"tile {name.Level}/{name.Index} is not that of the entries");
        }
    }

    // What a smaller tree ends in is, level by level, either the beginning of what the audited tree ends in, or a full tile whose root stands
    // in the level above.
    private static async Task<AuditedTree> OlderAsync(AuditedTree tree, TreeRows rows, ulong size, CancellationToken cancellationToken)
    {
        var wanted = Enumerable.Range(0, tree.LevelCount).Select(level => (Level: level, Index: AuditedTree.OpenIndex(level, size))).ToList();
        // Below the lowest level that the smaller tree ends in nothing is needed: there may be one hash for all of it.
        var lowest = Enumerable.Range(0, wanted.Count).FirstOrDefault(level => AuditedTree.OpenCount(level, size) > 0);
        var full = wanted.Skip(lowest).Where(IsFull).ToList();
        var stored = await rows.TilesAsync([.. full], cancellationToken);
        var open = new List<IReadOnlyList<Digest>>();
        for (var level = 0; level < wanted.Count; level++)
        {
            IReadOnlyList<Digest> hashes = level < lowest ? [] : tree.Open(level);
            if (full.IndexOf(wanted[level]) is >= 0 and var at)
                hashes = Take(stored[at], wanted[level], HashesPerTile);
            open.Add(hashes);
        }

        for (var level = lowest; level < wanted.Count && IsFull(wanted[level]); level++)
        {
            if (AuditedTree.RootOf([.. open[level]]) != open[level + 1][(int)(wanted[level].Index % HashesPerTile)])
                throw new LedgerDamagedException($"tile {level}/{wanted[level].Index} is not part of the tree of {tree.Size} entries");
        }

        return AuditedTree.From(size, [.. open.Select((hashes, level) => hashes.Take(AuditedTree.OpenCount(level, size)).ToList())]);

        bool IsFull((int Level, ulong Index) tile) => tile.Index != AuditedTree.OpenIndex(tile.Level, tree.Size);
    }

    private static List<Digest> Take(List<Digest>? stored, (int Level, ulong Index) name, int count)
    {
        if (count == 0)
            return [];
        return stored is not null && stored.Count >= count
            ? stored.GetRange(0, count)
            : throw new LedgerDamagedException($"tile {name.Level}/{name.Index} is missing or too short");
    }
}
