using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Sharing;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Statements;

namespace Federation.Node.Exchange;

/// <summary>A batch being built from a stretch that the guard has judged.</summary>
internal sealed class LedgerBatch
{
    private readonly BatchWriter writer = new();

    private LedgerBatch(CompactRange range) => Range = range;

    /// <summary>The compact range at the end of the batch.</summary>
    public CompactRange Range { get; }

    /// <summary>The number of entries.</summary>
    public int Count => writer.Count;

    /// <summary>Whether the batch is cut because it is full, at whatever moment.</summary>
    public bool Full { get; private set; }

    /// <summary>The record that the guard holds; null if it holds none.</summary>
    public long? Held { get; private set; }

    /// <summary>The items in the ledger's frame.</summary>
    public byte[] Items() => writer.ToArray();

    /// <summary>Builds a batch from a stretch, up to a size.</summary>
    public static LedgerBatch Build(Partner partner, LedgerStretch stretch, CompactRange from, ulong upTo, int maxEntries, long nowMs)
    {
        var batch = new LedgerBatch(from.Clone());
        var guard = new SendGuard(partner, stretch, nowMs);
        foreach (var entry in stretch.Entries)
        {
            if (entry.Entry.Seq >= upTo || batch.Full || !batch.Add(guard, stretch.Head, entry))
                break;
            batch.Full = batch.Count >= maxEntries || batch.writer.VisibleBytes >= ExchangeLimits.FlushBytes;
        }

        return batch;
    }

    /// <summary>Builds a batch of every entry up to a size, for export: what the guard would hold goes out as its hash.</summary>
    public static LedgerBatch BuildWhole(Partner partner, LedgerStretch stretch, CompactRange from, ulong upTo, long nowMs)
    {
        var batch = new LedgerBatch(from.Clone());
        var guard = new SendGuard(partner, stretch, nowMs);
        foreach (var entry in stretch.Entries.TakeWhile(e => e.Entry.Seq < upTo))
        {
            if (batch.Add(guard, stretch.Head, entry))
                continue;
            var hash = LedgerTree.LeafOf(new LedgerEntryName(entry.Entry, entry.Record.Name)).Hash(stretch.Head.Ledger);
            batch.writer.AddOpaque(0, hash);
            batch.Range.Append(hash);
        }

        return batch;
    }

    /// <summary>Whether the guard, asked again, still lets out exactly what the batch holds.</summary>
    public static bool StillHolds(Partner partner, LedgerStretch stretch, LedgerStretch now, int count, long nowMs)
    {
        var guard = new SendGuard(partner, now, nowMs);
        for (var i = 0; i < count; i++)
        {
            var before = stretch.Entries[i];
            var after = now.Entries[i];
            var unchanged = before.Latest == after.Latest && before.Record.ChangedN == after.Record.ChangedN;
            if (!unchanged || guard.Check(after, out _, out _, out _) == GuardVerdict.Hold)
                return false;
        }

        return true;
    }

    private bool Add(SendGuard guard, LedgerHead head, StretchEntry entry)
    {
        var leaf = LedgerTree.LeafOf(new LedgerEntryName(entry.Entry, entry.Record.Name));
        switch (guard.Check(entry, out var record, out var decision, out var view))
        {
            case GuardVerdict.Hold:
                Held = entry.Entry.Rec;
                return false;
            case GuardVerdict.Opaque:
                writer.AddOpaque(0, leaf.Hash(head.Ledger));
                break;
            default:
                if (record is null)
                    writer.AddEntry(leaf);
                else
                    writer.AddEntry(leaf, view.Statement, view.Forwardable ? entry.Signature : default, OpeningsOf(record, decision!));
                break;
        }

        Range.Append(leaf.Hash(head.Ledger));
        return true;
    }

    // The openings of the visible parts, as slices of the record's body; parts that are gone have none.
    private static List<Opening> OpeningsOf(JudgedRecord record, Decision decision)
    {
        var stored = record.Stored;
        var (bytes, _) = BodyBox.Open(stored.DataKey, stored.Name, stored.Version, stored.Body);
        if (!Openings.TryDecode(bytes, out var openings, out var error))
            throw new StoreFaultException($"a body's openings can't be read: {error}");
        var visible = new List<Opening>(openings.Count) { openings[0] };
        var next = 1;
        for (var i = 1; i < record.Shape.Parts.Count; i++)
        {
            if (record.Shape.Parts[i].Gone)
                continue;
            if (decision.Parts[i - 1] == PartVerdict.Visible)
                visible.Add(openings[next]);
            next++;
        }

        return visible;
    }
}
