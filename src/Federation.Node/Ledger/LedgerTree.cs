using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;

namespace Federation.Node.Ledger;

/// <summary>
/// The growing end of one partner's tree: compact range, live entries, and the tiles that are not full yet. Owned by the discloser,
/// which drops it after a refused batch and loads it anew.
/// </summary>
internal sealed class LedgerTree
{
    private readonly List<List<Digest>> partial;
    private readonly CompactRange range;
    private readonly LiveSet live;
    private readonly SortedDictionary<(int Level, long Index), byte[]> written = [];

    private LedgerTree(LedgerHead head, CompactRange range, LiveSet live, List<List<Digest>> partial)
    {
        Head = head;
        this.range = range;
        this.live = live;
        this.partial = partial;
    }

    /// <summary>The stored state that the tree was loaded from; its size grows with <see cref="Committed"/>.</summary>
    public LedgerHead Head { get; private set; }

    /// <summary>The number of entries, appended ones included.</summary>
    public ulong Size => range.Size;

    /// <summary>Loads the end of a partner's tree.</summary>
    /// <exception cref="LedgerDamagedException">A tile is not whole.</exception>
    public static async Task<LedgerTree> LoadAsync(INodeStore store, LedgerHead head, CancellationToken cancellationToken)
    {
        var wanted = new List<(int Level, long Index)>();
        for (var level = 1; head.Size >> (8 * level) > 0; level++)
            wanted.Add((level, (long)(head.Size >> (8 * (level + 1)))));
        var tailFrom = head.Size / Tiles.HashesPerTile * Tiles.HashesPerTile;
        var leafTile = (0, (long)(head.Size / Tiles.HashesPerTile));
        var (tiles, tail) = await store.ReadTreeAsync(head.Partner, [.. wanted, leafTile], tailFrom, cancellationToken);
        // The last tile of leaves is stored if the ledger was longer than it is taken to be here; of its entries some may be pruned then.
        List<List<Digest>> partial = [tiles[^1] is { } full
            ? ReadTile(leafTile, full, (int)(head.Size - tailFrom))
            : [.. HashesOf(head.Ledger, tail.TakeWhile(e => e.Entry.Seq < head.Size))]];
        for (var i = 0; i < wanted.Count; i++)
            partial.Add(ReadTile(wanted[i], tiles[i], (int)((head.Size >> (8 * (i + 1))) % Tiles.HashesPerTile)));
        return new LedgerTree(head, CompactRange.Decode(head.Size, head.Range), LiveSet.Decode(head.LiveCount, head.Buckets), partial);
    }

    /// <summary>Appends an entry, and takes the one that it supersedes out of the live ones.</summary>
    public void Append(RecordName name, LedgerEntry entry, DisclosedRow? previous)
    {
        if (previous is { Operation: (byte)LedgerOperation.Disclose } before)
        {
            var old = new LedgerEntry(before.Seq, before.Operation, before.Rec, before.Vrev, before.StatementHash);
            live.Remove(name.Id, LeafOf(new LedgerEntryName(old, name)).Hash(Head.Ledger));
        }

        var hash = LeafOf(new LedgerEntryName(entry, name)).Hash(Head.Ledger);
        if (entry.Operation == (byte)LedgerOperation.Disclose)
            live.Add(name.Id, hash);
        range.Append(hash, Collect);
    }

    /// <summary>Appends 2^level entries that are known by one hash alone.</summary>
    public void AppendHole(int level, Digest hash)
    {
        var first = range.Size;
        for (var tileLevel = 0; 8 * tileLevel < level; tileLevel++)
        {
            // Where a tile has a place for each of a few subtrees that make up the whole, the first place tells the whole.
            var places = 1UL << (level - 8 * tileLevel);
            for (var i = 0UL; i < places; i++)
                Collect(tileLevel, (first >> (8 * tileLevel)) + i, i == 0 && places < Tiles.HashesPerTile ? hash : Digest.Zero);
        }

        range.AppendSubtree(level, hash, Collect);
    }

    /// <summary>Everything that one transaction has to write for the appended entries.</summary>
    public PartnerAppend ToAppend(DecisionContext context, IReadOnlyList<LedgerEntry> entries, IReadOnlyList<EntryDecision> decisions)
    {
        // A level that grew without filling a tile is written as far as it goes; level 0 can be read back from the entries.
        for (var level = 1; level < partial.Count; level++)
        {
            if (partial[level].Count > 0)
                written[(level, (long)(Size >> (8 * (level + 1))))] = Encode(partial[level]);
        }

        return new PartnerAppend
        {
            Partner = Head.Partner,
            Incarnation = Head.Incarnation,
            ExpectedSize = Head.Size,
            ExpectedTerm = Head.Term,
            Context = context,
            Entries = entries,
            Decisions = decisions,
            Range = range.Encode(),
            LiveCount = live.Count,
            Buckets = live.Encode(),
            Tiles = [.. written.Select(w => new TileWrite(w.Key.Level, w.Key.Index, w.Value))],
        };
    }

    /// <summary>Notes that the appended entries are durable.</summary>
    public void Committed()
    {
        Head = Head with { Size = Size };
        written.Clear();
    }

    /// <summary>The leaf of an entry.</summary>
    public static Leaf LeafOf(LedgerEntryName entry) => new(
        (LedgerOperation)entry.Entry.Operation, entry.Entry.Seq, entry.Name.Origin, entry.Name.Id, entry.Entry.Vrev, entry.Entry.StatementHash);

    /// <summary>The hash of an entry's leaf; of a hole, which was recovered as a hash alone, that hash.</summary>
    public static Digest HashOf(LedgerId ledger, LedgerEntryName entry) =>
        entry.Entry.Operation == 0 ? entry.Entry.StatementHash : LeafOf(entry).Hash(ledger);

    /// <summary>The hashes of leaves in order; of entries that are known by one hash alone the first place has it, and the others are zero.</summary>
    public static IEnumerable<Digest> HashesOf(LedgerId ledger, IEnumerable<LedgerEntryName> entries)
    {
        foreach (var entry in entries)
        {
            yield return HashOf(ledger, entry);
            for (var lost = entry.Entry.Operation == 0 ? (1UL << (int)entry.Entry.Vrev) - 1 : 0; lost > 0; lost--)
                yield return Digest.Zero;
        }
    }

    private void Collect(int tileLevel, ulong index, Digest hash)
    {
        while (partial.Count <= tileLevel)
            partial.Add([]);
        var tile = partial[tileLevel];
        tile.Add(hash);
        if (tile.Count < Tiles.HashesPerTile)
            return;
        // Of a tile of which nothing is known nothing is kept.
        if (tile.Exists(place => !place.IsZero))
            written[(tileLevel, (long)(index / Tiles.HashesPerTile))] = Encode(tile);
        tile.Clear();
    }

    private static byte[] Encode(List<Digest> hashes)
    {
        var bytes = new byte[hashes.Count * Digest.SizeBytes];
        for (var i = 0; i < hashes.Count; i++)
            hashes[i].Write(bytes.AsSpan(i * Digest.SizeBytes));
        return bytes;
    }

    private static List<Digest> ReadTile((int Level, long Index) name, byte[]? bytes, int count)
    {
        var hashes = new List<Digest>(count);
        if (count > 0 && (bytes is null || bytes.Length < count * Digest.SizeBytes))
            throw new LedgerDamagedException($"tile {name.Level}/{name.Index} is missing or cut short");
        for (var i = 0; i < count; i++)
            hashes.Add(Digest.Read(bytes.AsSpan(i * Digest.SizeBytes)));
        return hashes;
    }
}
