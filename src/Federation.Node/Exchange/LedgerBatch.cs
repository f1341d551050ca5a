using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;

namespace Federation.Node.Exchange;

/// <summary>
/// A batch being built while its entries are read. It is full at a number of entries or of visible bytes, and of nothing else: where it
/// ends must not depend on what the partner does not see. A batch that is not full ends at the published size.
/// </summary>
internal sealed class LedgerBatch
{
    private readonly Partner partner;
    private readonly int maxEntries;
    private readonly ulong publishedSize;
    private readonly long nowMs;
    private readonly BatchWriter writer;
    private readonly List<DisclosedRow> judged = [];
    private readonly CompactRange growing;
    private SendGuard? guard;
    private int sizeBytes;

    /// <summary>Begins a batch in a writer, whose memory it takes over until the next batch.</summary>
    public LedgerBatch(BatchWriter writer, Partner partner, CompactRange from, int maxEntries, ulong publishedSize, long nowMs)
    {
        this.writer = writer;
        this.partner = partner;
        this.maxEntries = maxEntries;
        this.publishedSize = publishedSize;
        this.nowMs = nowMs;
        growing = from.Clone();
        Range = from.Clone();
        writer.Clear();
        sizeBytes = writer.SizeBytes;
    }

    /// <summary>The compact range at the end of the batch.</summary>
    public CompactRange Range { get; private set; }

    /// <summary>The number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the batch is cut because it is full, at whatever moment.</summary>
    public bool Full { get; private set; }

    /// <summary>The record that the guard holds; null if it holds none.</summary>
    public long? Held { get; private set; }

    /// <summary>The items in the ledger's frame, in the writer's memory.</summary>
    public ReadOnlyMemory<byte> Items => writer.Frame(Count, sizeBytes);

    /// <summary>Takes the next entry; false once the batch is full or the guard holds.</summary>
    public bool Visit(LedgerStretch stretch, StretchEntry entry)
    {
        guard ??= new SendGuard(partner, stretch, nowMs);
        if (entry.Entry.Seq == publishedSize)
            Keep();
        if (!Add(stretch.Head, entry))
            return false;
        Full = writer.Count >= maxEntries || writer.VisibleBytes >= ExchangeLimits.FlushBytes;
        if (Full || growing.Size == publishedSize)
            Keep();
        return !Full;
    }

    /// <summary>Takes an entry for an export: what the guard holds goes out as its hash.</summary>
    public bool VisitWhole(LedgerStretch stretch, StretchEntry entry)
    {
        guard ??= new SendGuard(partner, stretch, nowMs);
        if (!Add(stretch.Head, entry))
            AddOpaque(stretch.Head, entry);
        Keep();
        return writer.SizeBytes < ExchangeLimits.FlushBytes;
    }

    /// <summary>Whether an entry that is read again is still what the batch holds, and still goes out.</summary>
    public bool StillHolds(Partner now, LedgerStretch stretch, StretchEntry entry, int index)
    {
        // A change of the record that leaves its statement as it is changes nothing of what the partner gets, nor when.
        return judged[index] == entry.Latest && new SendGuard(now, stretch, nowMs).Check(entry, out _, out _, out _) != GuardVerdict.Hold;
    }

    private void Keep()
    {
        Count = writer.Count;
        sizeBytes = writer.SizeBytes;
        Range = growing.Clone();
    }

    private bool Add(LedgerHead head, StretchEntry entry)
    {
        var leaf = LeafOf(entry);
        switch (guard!.Check(entry, out var record, out var decision, out var view))
        {
            case GuardVerdict.Hold:
                Held = entry.Entry.Rec;
                return false;
            case GuardVerdict.Opaque:
                AddOpaque(head, entry);
                return true;
            default:
                if (record is null)
                    writer.AddEntry(leaf);
                else
                    writer.AddEntry(leaf, view.Statement, view.Forwardable ? entry.Signature : default, VisibleOpenings.Of(record, decision!, record.Stored));
                break;
        }

        judged.Add(entry.Latest);
        growing.Append(leaf.Hash(head.Ledger));
        return true;
    }

    private void AddOpaque(LedgerHead head, StretchEntry entry)
    {
        var hash = LeafOf(entry).Hash(head.Ledger);
        writer.AddOpaque(0, hash);
        judged.Add(entry.Latest);
        growing.Append(hash);
    }

    private static Leaf LeafOf(StretchEntry entry) => LedgerTree.LeafOf(new LedgerEntryName(entry.Entry, entry.Record.Name));
}
