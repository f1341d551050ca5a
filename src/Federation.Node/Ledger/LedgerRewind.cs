using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Ledger;

/// <summary>
/// Compares an echoed end of a ledger with the ledger as it is stored: (1) folds the echo over the own prefix, which must give the root of
/// the signed head, (2) finds where the own entries part from it, (3) takes the own entries from there on out of the tree and the live set,
/// (4) puts the echoed ones in. Nothing is written.
/// </summary>
internal sealed class LedgerRewind(INodeStore store, LedgerProofs proofs)
{
    private const int PerReading = 256;

    /// <summary>Compares an echo.</summary>
    /// <param name="ledger">The ledger as stored.</param>
    /// <param name="items">The echoed items, without gaps; the first begins at or below the signed size.</param>
    /// <param name="head">The head, whose signature is checked.</param>
    /// <param name="anchored">The anchored head; null if there is none.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<RewindOutcome> CompareAsync(
        LedgerHead ledger, IReadOnlyList<EchoedItem> items, Head head, AnchoredHead? anchored, CancellationToken cancellationToken)
    {
        // 1.
        if (head.Size < ledger.SignedSize)
            return RewindOutcome.Wrong($"the partner shows a head of {head.Size} entries, and {ledger.SignedSize} were signed here");
        var first = items.Count > 0 ? items[0].Seq : head.Size;
        if (first > ledger.SignedSize)
            return RewindOutcome.Wrong($"the partner begins at {first}, and {ledger.SignedSize} entries are certain here");
        var range = await proofs.RangeAtAsync(ledger, first, cancellationToken);
        foreach (var item in items)
        {
            if (!range.CanAppendSubtree(item.Level))
                return RewindOutcome.Wrong($"no subtree of level {item.Level} begins at {item.Seq}");
            range.AppendSubtree(item.Level, item.Hash);
            if (anchored is { } anchor && range.Size == anchor.Size && range.Root() != anchor.Root)
                return RewindOutcome.Wrong($"what the partner holds has another root at {anchor.Size} than was signed here last", forks: true);
        }

        if (range.Size != head.Size || range.Root() != head.Root)
            return RewindOutcome.Wrong($"what the partner holds over the {first} entries here is not what the head of size {head.Size} was signed over", forks: true);

        // 2.
        var kept = await CommonAsync(ledger, items, cancellationToken);
        var from = kept == items.Count ? head.Size : items[kept].Seq;
        // One hash for many entries may reach from what was signed before into what is missing: it takes the place of all of them.
        if (from < ledger.SignedSize && items[kept].End <= ledger.SignedSize)
            return RewindOutcome.Wrong($"entry {from} was signed twice, with two contents", forks: true);
        var rest = items.Skip(kept).ToList();

        // 3. and 4.
        var ends = await ReadOwnAsync(ledger.Partner, from, cancellationToken);
        var dropped = await RevertAsync(ledger.Partner, ends, from, cancellationToken);
        await AddUnseenAsync(ledger.Partner, [.. items.Take(kept)], rest, dropped, ledger.StaleUpToN, cancellationToken);
        var latest = await ReadLatestAsync(ledger.Partner, rest, dropped, cancellationToken);
        // What was appended since the ledger was read is in none of its sums.
        if (dropped.Exists(record => record.Now.Seq >= ledger.Size) || latest.Values.Any(row => row is { } known && known.Seq >= ledger.Size))
            return RewindOutcome.Wrong("the ledger grew meanwhile");
        var tree = await CutAsync(ledger, from, dropped, cancellationToken);
        PutBack(ledger.Partner, tree, rest, latest);
        return new RewindOutcome(
            null, false, from, [.. dropped.Select(record => (record.Rec, record.Before))], rest, tree.ToAppend(new DecisionContext(0, 0, 0), [], []));
    }

    private async Task<List<LedgerEntryName>> ReadOwnAsync(int partner, ulong from, CancellationToken cancellationToken)
    {
        var own = new List<LedgerEntryName>();
        while (true)
        {
            var (_, tail) = await store.ReadTreeAsync(partner, [], own.Count == 0 ? from : own[^1].Entry.Seq + 1, cancellationToken);
            own.AddRange(tail);
            if (tail.Count < PerReading)
                return own;
        }
    }

    // The number of items that the own tree agrees with. What was signed before and is known here as a part of one hash alone is as certain.
    private async Task<int> CommonAsync(LedgerHead ledger, IReadOnlyList<EchoedItem> items, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var chunk in items.TakeWhile(item => item.End <= ledger.Size).Chunk(PerReading))
        {
            var own = await proofs.SubtreesAsync(ledger, [.. chunk.Select(item => (item.Level, item.Seq >> item.Level))], cancellationToken);
            for (var i = 0; i < chunk.Length; i++, count++)
            {
                if (own[i] is { } hash ? hash != chunk[i].Hash : chunk[i].End > ledger.SignedSize)
                    return count;
            }
        }

        return count;
    }

    private async Task<List<(long Rec, RecordName Name, DisclosedRow Now, DisclosedRow? Before)>> RevertAsync(
        int partner, List<LedgerEntryName> ends, ulong from, CancellationToken cancellationToken)
    {
        var reverted = new List<(long, RecordName, DisclosedRow, DisclosedRow?)>();
        foreach (var chunk in ends.Where(entry => entry.Entry.Operation != 0).Select(entry => entry.Entry.Rec).Distinct().Order().Chunk(PerReading))
        {
            var snapshot = await store.ReadReconcileAsync(partner, chunk, cancellationToken);
            foreach (var candidate in snapshot.Candidates)
            {
                var now = candidate.Disclosed[0];
                reverted.Add((now.Rec, candidate.Record.Name, now, await BeforeAsync(partner, now, from, cancellationToken)));
            }
        }

        return reverted;
    }

    // A disclosure that the partner knows by its hash alone was superseded before it was sent. If nothing else says by what, it was taken back
    // unseen: it stays so until the record is written again.
    private async Task AddUnseenAsync(
        int partner, List<EchoedItem> kept, List<EchoedItem> rest, List<(long Rec, RecordName Name, DisclosedRow Now, DisclosedRow? Before)> dropped,
        long staleUpToN, CancellationToken cancellationToken)
    {
        if (!kept.Exists(item => item.Leaf is null))
            return;
        var told = rest.Concat(kept).Select(item => item.Leaf).OfType<Leaf>().Select(leaf => new RecordName(leaf.Origin, leaf.Record)).ToHashSet();
        var next = 0;
        var unseen = new List<LedgerEntryName>();
        foreach (var entry in await ReadOwnAsync(partner, kept[0].Seq, cancellationToken))
        {
            while (next < kept.Count && kept[next].End <= entry.Entry.Seq)
                next++;
            if (next == kept.Count)
                break;
            if (kept[next].Leaf is null && entry.Entry.Operation == (byte)LedgerOperation.Disclose && !told.Contains(entry.Name))
                unseen.Add(entry);
        }

        foreach (var chunk in unseen.Chunk(PerReading))
        {
            var known = await store.ReadNamedAsync(partner, [.. chunk.Select(entry => entry.Name)], cancellationToken);
            for (var i = 0; i < chunk.Length; i++)
            {
                var at = dropped.FindIndex(record => record.Name == chunk[i].Name);
                var latest = at >= 0 ? dropped[at].Before : known[i] is { Disclosed: [var row] } ? row : null;
                if (latest is not { } live || live.Seq != chunk[i].Entry.Seq)
                    continue;
                var taken = live with { Operation = (byte)LedgerOperation.Withdraw, StatementHash = Digest.Zero, Opened = Digest.Zero, NeverSent = true, StandsN = Math.Max(1, staleUpToN) };
                if (at >= 0)
                    dropped[at] = dropped[at] with { Before = taken };
                else
                    dropped.Add((live.Rec, chunk[i].Name, live, taken));
            }
        }
    }

    // Each entry knows the one before it.
    private async Task<DisclosedRow?> BeforeAsync(int partner, DisclosedRow now, ulong from, CancellationToken cancellationToken)
    {
        for (ulong? seq = now.Seq; seq is { } at;)
        {
            var entry = (await store.ReadEntriesAsync(partner, at, 1, cancellationToken))[0];
            if (entry.Entry.Seq != at)
                throw new StoreFaultException($"entry {at} of the ledger for partner {partner} is missing");
            if (at < from)
            {
                var tombstone = entry.Entry.Operation != (byte)LedgerOperation.Disclose;
                // Were its first disclosure above, the record would have been taken back unseen before.
                return new DisclosedRow(
                    now.Rec, partner, at, entry.Entry.Operation, entry.Entry.Vrev, entry.Entry.StatementHash, Math.Min(now.FirstSeq, at),
                    tombstone && (now.NeverSent || now.FirstSeq >= from))
                {
                    StandsN = now.StandsN,
                };
            }

            seq = entry.Previous;
        }

        return null;
    }

    private async Task<LedgerTree> CutAsync(
        LedgerHead ledger, ulong from, List<(long Rec, RecordName Name, DisclosedRow Now, DisclosedRow? Before)> dropped, CancellationToken cancellationToken)
    {
        var live = LiveSet.Decode(ledger.LiveCount, ledger.Buckets);
        foreach (var (_, name, now, _) in dropped.Where(record => IsLive(record.Now)))
            live.Remove(name.Id, LeafHash(now, name, ledger.Ledger));
        foreach (var (_, name, _, before) in dropped.Where(record => record.Before is { } row && IsLive(row)))
            live.Add(name.Id, LeafHash(before!.Value, name, ledger.Ledger));
        var range = await proofs.RangeAtAsync(ledger, from, cancellationToken);
        var cut = ledger with { Size = from, Range = range.Encode(), LiveCount = live.Count, Buckets = live.Encode() };
        return await LedgerTree.LoadAsync(store, cut, cancellationToken);
    }

    // The entry that stands for each record, own or echoed, once the own end is taken out.
    private async Task<Dictionary<RecordName, DisclosedRow?>> ReadLatestAsync(
        int partner, List<EchoedItem> rest, List<(long Rec, RecordName Name, DisclosedRow Now, DisclosedRow? Before)> dropped, CancellationToken cancellationToken)
    {
        var latest = dropped.ToDictionary(record => record.Name, record => record.Before);
        foreach (var chunk in rest.Select(item => item.Leaf).OfType<Leaf>().Select(leaf => new RecordName(leaf.Origin, leaf.Record)).Distinct().Chunk(PerReading))
        {
            var known = await store.ReadNamedAsync(partner, chunk, cancellationToken);
            for (var i = 0; i < chunk.Length; i++)
                latest.TryAdd(chunk[i], known[i] is { Disclosed: [var row] } ? row : null);
        }

        return latest;
    }

    private static void PutBack(int partner, LedgerTree tree, List<EchoedItem> rest, Dictionary<RecordName, DisclosedRow?> latest)
    {
        foreach (var item in rest)
        {
            if (item.Leaf is not { } leaf)
            {
                tree.AppendHole(item.Level, item.Hash);
                continue;
            }

            var name = new RecordName(leaf.Origin, leaf.Record);
            var before = latest[name];
            var entry = new LedgerEntry(item.Seq, (byte)leaf.Operation, before?.Rec ?? 0, leaf.Vrev, leaf.StatementHash);
            tree.Append(name, entry, before);
            latest[name] = new DisclosedRow(entry.Rec, partner, entry.Seq, entry.Operation, entry.Vrev, entry.StatementHash, before?.FirstSeq ?? entry.Seq, false);
        }
    }

    private static bool IsLive(DisclosedRow row) => row.Operation == (byte)LedgerOperation.Disclose;

    private static Digest LeafHash(DisclosedRow row, RecordName name, LedgerId ledger) =>
        LedgerTree.LeafOf(new LedgerEntryName(new LedgerEntry(row.Seq, row.Operation, row.Rec, row.Vrev, row.StatementHash), name)).Hash(ledger);
}
