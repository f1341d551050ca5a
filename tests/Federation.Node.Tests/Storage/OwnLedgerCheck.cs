using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;

namespace Federation.Node.Tests.Storage;

/// <summary>Verifies one partner's ledger: I1 (dense), I9 (vrev), tree, tiles, live set, latest entries, statements.</summary>
internal sealed class OwnLedgerCheck(INodeStore store, LedgerHead head, bool settled, List<string> findings)
{
    private const int MostPartsTried = 12;

    private readonly List<Digest> leaves = [];
    private readonly Dictionary<long, LedgerEntryName> latest = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var entries = await ReadEntriesAsync(store, head.Partner, cancellationToken);
        CheckEntries(entries);
        // What follows goes by positions, which a gap makes meaningless.
        if (entries.Where((e, i) => e.Entry.Seq != (ulong)i).Any())
            return;
        CheckTree();
        await CheckTilesAsync(cancellationToken);
        CheckLive();
        await CheckLatestAsync(cancellationToken);
        Require(head.SignedSize <= head.Size, $"heads up to {head.SignedSize} may be signed and there are {head.Size} entries");
        Require(head.ReceiptSize <= head.SignedSize, $"I17: a receipt for {head.ReceiptSize} entries and only {head.SignedSize} were ever signed");
    }

    /// <summary>Reads all entries of a ledger.</summary>
    public static async Task<List<LedgerEntryName>> ReadEntriesAsync(INodeStore store, int partner, CancellationToken cancellationToken)
    {
        var entries = new List<LedgerEntryName>();
        while (true)
        {
            var from = entries.Count == 0 ? 0 : entries[^1].Entry.Seq + 1;
            var (_, tail) = await store.ReadTreeAsync(partner, [], from, cancellationToken);
            entries.AddRange(tail);
            if (tail.Count == 0)
                return entries;
        }
    }

    /// <summary>The hash of an entry's leaf.</summary>
    public static Digest LeafHash(LedgerId ledger, LedgerEntryName name)
    {
        var entry = name.Entry;
        return new Leaf((LedgerOperation)entry.Operation, entry.Seq, name.Name.Origin, name.Name.Id, entry.Vrev, entry.StatementHash).Hash(ledger);
    }

    private void CheckEntries(List<LedgerEntryName> entries)
    {
        Require((ulong)entries.Count == head.Size, $"I1: {entries.Count} entries and a size of {head.Size}");
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i].Entry;
            Require(entry.Seq == (ulong)i, $"I1: entry {entry.Seq} stands at {i}");
            var known = latest.TryGetValue(entry.Rec, out var before);
            Require(entry.Vrev == (known ? before.Entry.Vrev : 0) + 1, $"I9: entry {entry.Seq} has vrev {entry.Vrev} after {before.Entry.Vrev}");
            var operation = (LedgerOperation)entry.Operation;
            if (operation == LedgerOperation.Withdraw)
                Require(known && before.Entry.Operation == (byte)LedgerOperation.Disclose, $"I9: entry {entry.Seq} withdraws what is not live");
            if (operation == LedgerOperation.Erase)
                Require(known && before.Entry.Operation != (byte)LedgerOperation.Erase, $"entry {entry.Seq} erases what was never disclosed, or twice");
            Require(operation == LedgerOperation.Disclose != entry.StatementHash.IsZero, $"entry {entry.Seq} has the wrong kind of statement hash");
            latest[entry.Rec] = entries[i];
            leaves.Add(LeafHash(head.Ledger, entries[i]));
        }
    }

    private void CheckTree()
    {
        var range = new CompactRange();
        leaves.ForEach(l => range.Append(l));
        Require(range.Encode().AsSpan().SequenceEqual(head.Range), "the compact range is not that of the entries");
        Require(range.Root() == TreeRoot.Of(leaves), "the compact range gives another root than the tree");
    }

    // Level 0 is written when a tile is full; the levels above as far as they go.
    private async Task CheckTilesAsync(CancellationToken cancellationToken)
    {
        var hashes = leaves;
        for (var level = 0; hashes.Count > 0; level++)
        {
            var full = hashes.Count / Tiles.HashesPerTile;
            var wanted = level > 0 && hashes.Count % Tiles.HashesPerTile != 0 ? full + 1 : full;
            var stored = (await store.ReadTreeAsync(head.Partner, [.. Enumerable.Range(0, wanted).Select(i => (level, (long)i))], head.Size, cancellationToken)).Tiles;
            for (var i = 0; i < wanted; i++)
            {
                var expected = hashes.Skip(i * Tiles.HashesPerTile).Take(Tiles.HashesPerTile).SelectMany(h => h.ToBytes()).ToArray();
                Require(stored[i] is { } tile && tile.AsSpan().SequenceEqual(expected), $"tile {level}/{i} is not that of the entries");
            }

            hashes = [.. Enumerable.Range(0, full).Select(i => TreeRoot.Of(hashes[(i * Tiles.HashesPerTile)..((i + 1) * Tiles.HashesPerTile)]))];
        }
    }

    private void CheckLive()
    {
        var live = new LiveSet();
        foreach (var (_, entry) in latest.Where(l => l.Value.Entry.Operation == (byte)LedgerOperation.Disclose))
            live.Add(entry.Name.Id, leaves[(int)entry.Entry.Seq]);
        Require(live.Count == head.LiveCount, $"{live.Count} live entries and a count of {head.LiveCount}");
        Require(live.Encode().AsSpan().SequenceEqual(head.Buckets), "the sums of the live entries are not those of the entries");
    }

    private async Task CheckLatestAsync(CancellationToken cancellationToken)
    {
        var seen = 0;
        var request = new SelectionRequest { Selection = RecordSelection.Everything, Limit = 1000 };
        IReadOnlyList<SelectedRecord> page;
        do
        {
            page = await store.SelectRecordsAsync(request, cancellationToken);
            var snapshot = await store.ReadReconcileAsync(head.Partner, [.. page.Select(found => found.Rec)], cancellationToken);
            foreach (var candidate in snapshot.Candidates.Where(c => c.Disclosed.Count > 0))
            {
                seen++;
                CheckLatest(candidate.Record, candidate.Disclosed[0]);
            }

            request = request with { After = page.Count == 0 ? request.After : page[^1].Id };
        }
        while (page.Count == request.Limit);
        Require(seen == latest.Count, $"{seen} records have a latest entry and {latest.Count} occur in the ledger");
    }

    private void CheckLatest(StoredRecord record, DisclosedRow row)
    {
        if (!latest.TryGetValue(row.Rec, out var name))
        {
            findings.Add($"ledger {head.Partner}: record {row.Rec} has a latest entry and none in the ledger");
            return;
        }

        var same = name.Entry == new LedgerEntry(row.Seq, row.Operation, row.Rec, row.Vrev, row.StatementHash);
        Require(same, $"the latest entry of record {row.Rec} is {name.Entry.Seq} and its row says {row.Seq}");
        Require(row.FirstSeq <= row.Seq, $"record {row.Rec} was first disclosed at {row.FirstSeq}, after {row.Seq}");
        Require(!row.NeverSent || row.Operation != (byte)LedgerOperation.Disclose, $"record {row.Rec} is live and marked as never sent");
        if (settled && row.Operation == (byte)LedgerOperation.Disclose)
            Require(CanBeStated(record, row.StatementHash), $"no set of parts of record {row.Rec} makes the statement of entry {row.Seq}");
    }

    // Which parts were visible is not stored; a statement over any of their sets will do, since the hash binds it.
    private static bool CanBeStated(StoredRecord record, Digest hash)
    {
        if (record.Shape.Length == 0)
            return false;
        var parts = RecordShape.Decode(record.Shape).Parts;
        if (parts.Count - 1 > MostPartsTried)
            throw new NotSupportedException($"a record with {parts.Count} parts has too many sets of them to try");
        for (var set = 0; set < 1 << (parts.Count - 1); set++)
        {
            var shown = parts.Where((p, i) => i == 0 || (set & (1 << (i - 1))) != 0).ToList();
            var stated = shown.Select(p => new StatementPart(p.Part, p.ChangedMs, p.Commitment)).ToArray();
            if (Digest.Sha256(Statement.Encode(record.Name.Origin, record.Name.Id, (ushort)record.Kind, shown.Max(p => p.Schema), stated)) == hash)
                return true;
        }

        return false;
    }

    private void Require(bool holds, string finding)
    {
        if (!holds)
            findings.Add($"ledger {head.Partner}: {finding}");
    }
}
