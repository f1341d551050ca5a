using Federation.Node.Ledger;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;

namespace Federation.Node.Operations;

/// <summary>
/// Checks one ledger tile by tile: each entry against its tile, each tile against the level above, the latest entry of each record against its
/// entry, and in the end the root and the live entries against what heads are made from.
/// </summary>
internal sealed class OwnLedgerScrub(INodeStore store, LedgerHead head)
{
    private const ulong HashesPerTile = 256;

    private readonly TreeRows rows = new(store, head);
    private readonly LiveSet live = new();
    private bool whole;

    /// <summary>Checks the entries of one tile, or of the end that fills none.</summary>
    public async Task<ulong> StepAsync(ulong from, ScrubReport report, CancellationToken cancellationToken)
    {
        whole |= from == 0;
        var tile = from / HashesPerTile;
        var end = Math.Min(head.Size, (tile + 1) * HashesPerTile);
        var (stored, tail) = await store.ReadTreeAsync(head.Partner, [(0, (long)tile)], from, cancellationToken);
        var entries = tail.Where(row => row.Entry.Seq < end).ToList();
        var hashes = entries.ToDictionary(row => row.Entry.Seq, row => row.Entry.Operation == 0 ? row.Entry.StatementHash : SecondPath.LeafHash(head.Ledger, row));
        if (end % HashesPerTile == 0)
            await CheckTileAsync(tile, stored[0], hashes, report, cancellationToken);
        else if (CountOf(entries) is var there && there != end - from)
            await report.AddAsync($"of the entries {from} to {end - 1}, which fill no tile, {there} are there", cancellationToken);
        await CheckLatestAsync(entries, hashes, report, cancellationToken);
        return end;
    }

    /// <summary>Checks the root and the live entries.</summary>
    public async Task FinishAsync(ScrubReport report, CancellationToken cancellationToken)
    {
        var root = await RootAsync(report, cancellationToken);
        var stored = CompactRange.Decode(head.Size, head.Range).Root();
        if (root is { } found && found != stored)
        {
            var open = head.Size / HashesPerTile * HashesPerTile;
            await report.AddAsync(
                $"tiles and the entries from {open} on, which fill no tile, give root {found} at size {head.Size}, and the stored range {stored}", cancellationToken);
        }

        // Live entries can be compared only if nothing was superseded while they were read.
        var now = await store.ReadHeadAsync(head.Partner, cancellationToken);
        if (whole && now?.Size == head.Size && (live.Count != head.LiveCount || !live.Encode().AsSpan().SequenceEqual(head.Buckets)))
            await report.AddAsync($"{live.Count} entries are live, with digest {live.Digest()}, and the head is made from {head.LiveCount} others", cancellationToken);
    }

    /// <summary>Whether the ledger is still the one that is checked.</summary>
    public async Task<bool> StandsAsync(CancellationToken cancellationToken) =>
        (await store.ReadHeadAsync(head.Partner, cancellationToken))?.Term == head.Term;

    private static ulong CountOf(List<LedgerEntryName> entries) =>
        entries.Aggregate(0UL, (count, row) => count + (row.Entry.Operation == 0 ? 1UL << (int)row.Entry.Vrev : 1));

    private async Task CheckTileAsync(
        ulong tile, byte[]? stored, Dictionary<ulong, Digest> hashes, ScrubReport report, CancellationToken cancellationToken)
    {
        // Of entries that were got back as one hash for several tiles there is no tile of leaves.
        if (stored is null && tile * HashesPerTile < head.HolesEnd)
            return;
        if (stored is null || stored.Length != (int)HashesPerTile * Digest.SizeBytes)
        {
            await report.AddAsync($"tile 0/{tile} is missing or cut short", cancellationToken);
            return;
        }

        var list = new List<Digest>();
        for (var i = 0; i < (int)HashesPerTile; i++)
        {
            list.Add(Digest.Read(stored.AsSpan(i * Digest.SizeBytes)));
            var seq = tile * HashesPerTile + (ulong)i;
            if (hashes.TryGetValue(seq, out var hash) && hash != list[i])
                await report.AddAsync($"entry {seq} and its hash in tile 0/{tile} do not match", cancellationToken);
        }

        await CheckAboveAsync(0, tile, AuditedTree.RootOf(list), report, cancellationToken);
    }

    // A full tile's root stands in the level above; if it fills a tile there, that one is looked at too.
    private async Task CheckAboveAsync(int level, ulong index, Digest root, ScrubReport report, CancellationToken cancellationToken)
    {
        var (parent, place) = (index / HashesPerTile, (int)(index % HashesPerTile));
        var above = (await rows.TilesAsync([(level + 1, parent)], cancellationToken))[0];
        if (above is null || above.Count <= place)
        {
            await report.AddAsync($"tile {level + 1}/{parent} is missing or cut short", cancellationToken);
            return;
        }

        if (above[place] != root)
            await report.AddAsync($"tile {level}/{index} and its root in tile {level + 1}/{parent} do not match", cancellationToken);
        if (place == (int)HashesPerTile - 1)
            await CheckAboveAsync(level + 1, parent, AuditedTree.RootOf(above), report, cancellationToken);
    }

    private async Task CheckLatestAsync(
        List<LedgerEntryName> entries, Dictionary<ulong, Digest> hashes, ScrubReport report, CancellationToken cancellationToken)
    {
        var named = entries.Where(row => row.Entry.Operation != 0).ToList();
        var snapshot = await store.ReadReconcileAsync(head.Partner, [.. named.Select(row => row.Entry.Rec).Distinct()], cancellationToken);
        var latest = snapshot.Candidates.SelectMany(candidate => candidate.Disclosed).ToDictionary(row => row.Rec);
        foreach (var (entry, name) in named)
        {
            if (!latest.TryGetValue(entry.Rec, out var row) || row.Seq < entry.Seq)
            {
                await report.AddAsync($"entry {entry.Seq} is not known to its record {name.Id}", cancellationToken);
                continue;
            }

            if (row.Seq != entry.Seq)
                continue;
            if (entry != new LedgerEntry(row.Seq, row.Operation, row.Rec, row.Vrev, row.StatementHash) && !IsTakenUnseen(entry, row))
                await report.AddAsync($"entry {entry.Seq} is not what is noted as the latest of record {name.Id}", cancellationToken);
            if (row.Operation == (byte)LedgerOperation.Disclose)
                live.Add(name.Id, hashes[entry.Seq]);
        }
    }

    // A recovery found that the partner never saw this disclosure and holds no later one: it counts as taken back, by no entry of its own.
    private static bool IsTakenUnseen(LedgerEntry entry, DisclosedRow row) =>
        entry.Operation == (byte)LedgerOperation.Disclose && row is { Operation: (byte)LedgerOperation.Withdraw, NeverSent: true, StandsN: > 0 } && entry.Vrev == row.Vrev;

    private async Task<Digest?> RootAsync(ScrubReport report, CancellationToken cancellationToken)
    {
        try
        {
            var from = head.Size / HashesPerTile * HashesPerTile;
            var wanted = Enumerable.Range(0, AuditedTree.LevelsOf(head.Size)).Select(level => (level, AuditedTree.OpenIndex(level, head.Size))).ToList();
            var tiles = await rows.TilesAsync(wanted, cancellationToken);
            var open = new List<IReadOnlyList<Digest>> { await rows.LeavesAsync(from, head.Size, cancellationToken) };
            for (var level = 1; level < wanted.Count; level++)
            {
                var count = AuditedTree.OpenCount(level, head.Size);
                if (count > 0 && (tiles[level] is not { } tile || tile.Count < count))
                    throw new LedgerDamagedException($"tile {level}/{wanted[level].Item2} is missing or cut short");
                open.Add(count == 0 ? [] : tiles[level]!.GetRange(0, count));
            }

            return AuditedTree.From(head.Size, open).Root();
        }
        catch (LedgerDamagedException damage)
        {
            await report.AddAsync(damage.Message, cancellationToken);
            return null;
        }
    }
}
