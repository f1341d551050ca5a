using Federation.Node.Records;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;

namespace Federation.Node.Tests.Storage;

/// <summary>Verifies a followed ledger (I13): root, live set and held records, recomputed from the entries and rows, equal the follower's row.</summary>
internal sealed class FollowedLedgerCheck(INodeStore store, FollowRow row, List<string> findings)
{
    private readonly CompactRange range = new();
    private readonly List<Digest> leaves = [];
    private readonly Dictionary<RecordId, Leaf> latest = [];
    private readonly Dictionary<ulong, StoredRecord> held = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        Require(range.Size == row.Size, $"I13: {range.Size} entries and a size of {row.Size}");
        // What follows goes by positions, which a gap makes meaningless.
        if (range.Size != row.Size)
            return;
        Require(range.Encode().AsSpan().SequenceEqual(row.Range), "I13: the compact range is not that of the entries");
        CheckHead();
        CheckLive();
        await CheckTombstonesAsync(cancellationToken);
        Require(row.ReceiptSize <= row.Size, $"I17: a receipt for {row.ReceiptSize} entries and {row.Size} are durable");
        var counts = await store.CountRecordsAsync(cancellationToken);
        var readable = counts.Where(c => c.Source == row.Partner && c.Status is RecordStatus.Live or RecordStatus.Quarantined).Sum(c => c.Count);
        Require((ulong)readable == row.LiveCount, $"I13: {readable} records are held and {row.LiveCount} entries are live");
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var stretch = await store.ReadInboundAsync(row.Partner, range.Size, 500, cancellationToken);
            if (stretch.Items.Count == 0)
                return;
            foreach (var (seq, (record, _)) in stretch.Records)
                held[seq] = record;
            foreach (var item in stretch.Items)
            {
                if (item.Seq != range.Size || !range.CanAppendSubtree(item.Level))
                {
                    findings.Add($"follower {row.Partner}: I13: what is held of {range.Size} on stands at {item.Seq}");
                    return;
                }

                Take(item);
            }
        }
    }

    private void Take(HeldItem item)
    {
        range.AppendSubtree(item.Level, item.Hash);
        if (item.Level == 0)
            leaves.Add(item.Hash);
        if (item.Leaf is not { } leaf)
            return;
        Require(leaf.Seq == item.Seq, $"I13: entry {leaf.Seq} stands at {item.Seq}");
        Require(!latest.TryGetValue(leaf.Record, out var before) || before.Vrev < leaf.Vrev, $"I15: entry {leaf.Seq} has no higher vrev than the one before");
        latest[leaf.Record] = leaf;
    }

    private void CheckHead()
    {
        if (row.Size == 0 && row.Head.Length == 0)
            return;
        if (!Head.TryDecode(row.Head, out var head, out var error))
        {
            findings.Add($"follower {row.Partner}: the head can't be read: {error}");
            return;
        }

        Require(head.Ledger == row.Ledger && head.Incarnation == row.Incarnation, "the head is of another ledger");
        Require(head.Size == row.Size, $"I13: a head of size {head.Size} and a cursor at {row.Size}");
        Require(head.Root == range.Root(), "I13: the root of the entries is not that of the signed head");
        // Where each entry is known, the root is computed a second time, by the recursive definition.
        Require((ulong)leaves.Count != row.Size || head.Root == TreeRoot.Of(leaves), "I13: the tree of the entries is not that of the signed head");
        if (head.Tip)
            Require(head.LiveCount == row.LiveCount && head.LiveDigest == Digest.Sha256(row.Buckets), "I13: the live set is not that of the signed head");
    }

    private void CheckLive()
    {
        var live = new LiveSet();
        foreach (var leaf in latest.Values.Where(l => l.Operation == LedgerOperation.Disclose))
        {
            live.Add(leaf.Record, leaf.Hash(row.Ledger));
            if (held.TryGetValue(leaf.Seq, out var record))
                CheckRecord(leaf, record);
            else
                findings.Add($"follower {row.Partner}: I13: entry {leaf.Seq} is live and its record is not held");
        }

        Require(live.Count == row.LiveCount, $"I13: {live.Count} live entries and a count of {row.LiveCount}");
        Require(live.Encode().AsSpan().SequenceEqual(row.Buckets), "I13: the sums of the live entries are not those of the entries");
    }

    // I14: what readers see is what the entry under the verified head commits to.
    private void CheckRecord(Leaf leaf, StoredRecord record)
    {
        Require(record.Version == (int)leaf.Vrev, $"record {leaf.Record} is held at {record.Version} and its entry says {leaf.Vrev}");
        // What was passed on may leave parts unopened, of which the commitment is all that there is.
        var opened = StoredContent.Open(record).Parts.ToDictionary(
            p => p.Shape.Part, p => PartCommitment.Compute(leaf.Origin, leaf.Record, p.Shape.Part, p.Shape.ChangedMs, p.Salt, p.Value.Span));
        var stated = RecordShape.Decode(record.Shape).Parts
            .Select(p => new StatementPart(p.Part, p.ChangedMs, p.Unopened && record.Via is not null ? p.Commitment : opened[p.Part]))
            .ToArray();
        var statement = Statement.Encode(leaf.Origin, leaf.Record, (ushort)record.Kind, (ushort)record.Schema, stated);
        Require(Digest.Sha256(statement) == leaf.StatementHash, $"I14: what is held of record {leaf.Record} is not what entry {leaf.Seq} commits to");
    }

    private async Task CheckTombstonesAsync(CancellationToken cancellationToken)
    {
        var names = latest.Values.Select(l => new RecordName(l.Origin, l.Record)).ToList();
        var rows = await store.ReadHeldAsync(row.Partner, names, cancellationToken);
        for (var i = 0; i < names.Count; i++)
        {
            var leaf = latest[names[i].Id];
            var live = leaf.Operation == LedgerOperation.Disclose;
            Require(rows[i] is { } known && known.Vrev == leaf.Vrev && known.Live == live, $"record {leaf.Record} does not stand as entry {leaf.Seq} left it");
        }
    }

    private void Require(bool holds, string finding)
    {
        if (!holds)
            findings.Add($"follower {row.Partner}: {finding}");
    }
}
