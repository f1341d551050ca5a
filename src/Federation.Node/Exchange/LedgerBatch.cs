using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;

namespace Federation.Node.Exchange;

/// <summary>
/// A batch being built while its entries are read: the latest entry of each record, and between them the fewest perfect subtrees that cover
/// what was superseded or never sent. It is full at a number of items or of visible bytes, and of nothing else: where it ends must not depend
/// on what the partner does not see. A batch that is not full ends at the published size.
/// </summary>
internal sealed class LedgerBatch
{
    private readonly Partner partner;
    private readonly int maxItems;
    private readonly ulong publishedSize;
    private readonly long nowMs;
    private readonly BatchWriter writer;
    private readonly List<DisclosedRow> judged = [];
    private readonly CompactRange growing;
    private SendGuard? guard;
    private SubtreeReader? subtrees;
    private int sizeBytes;

    /// <summary>Begins a batch in a writer, whose memory it takes over until the next batch.</summary>
    public LedgerBatch(BatchWriter writer, Partner partner, CompactRange from, int maxItems, ulong publishedSize, long nowMs)
    {
        this.writer = writer;
        this.partner = partner;
        this.maxItems = maxItems;
        this.publishedSize = publishedSize;
        this.nowMs = nowMs;
        growing = from.Clone();
        Range = from.Clone();
        writer.Clear();
        sizeBytes = writer.SizeBytes;
    }

    /// <summary>The compact range at the end of the batch.</summary>
    public CompactRange Range { get; private set; }

    /// <summary>The number of items, entries and bare hashes together.</summary>
    public int Count { get; private set; }

    /// <summary>The number of entries that are shown.</summary>
    public int Shown { get; private set; }

    /// <summary>Whether the batch is cut because it is full, at whatever moment.</summary>
    public bool Full { get; private set; }

    /// <summary>The record that the guard holds; null if it holds none.</summary>
    public long? Held { get; private set; }

    /// <summary>The items in the ledger's frame, in the writer's memory.</summary>
    public ReadOnlyMemory<byte> Items => writer.Frame(Count, sizeBytes);

    /// <summary>Takes the next entry, or null for the end of the ledger; false once the batch is full or the guard holds.</summary>
    public bool Visit(LedgerStretch stretch, StretchEntry? entry)
    {
        var next = entry?.Latest.Seq ?? stretch.Head.Size;
        if (growing.Size < publishedSize && next >= publishedSize && !CoverTo(stretch, publishedSize))
            return false;
        if (growing.Size == publishedSize)
            Keep();
        if (entry is null || !CoverTo(stretch, next) || !Add(stretch, entry))
            return false;
        Full = writer.Count >= maxItems || writer.VisibleBytes >= ExchangeLimits.FlushBytes;
        if (Full || growing.Size == publishedSize)
            Keep();
        return !Full;
    }

    /// <summary>Takes an entry for an export up to the published size: what the guard holds goes out as its hash.</summary>
    public bool VisitWhole(LedgerStretch stretch, StretchEntry? entry)
    {
        var next = Math.Min(entry?.Latest.Seq ?? stretch.Head.Size, publishedSize);
        if (!CoverTo(stretch, next))
            return false;
        if (entry is not null && entry.Latest.Seq < publishedSize)
            Add(stretch, entry);
        Keep();
        Full = writer.Count >= maxItems || writer.SizeBytes >= ExchangeLimits.FlushBytes;
        return !Full && entry is not null;
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
        Shown = judged.Count;
        sizeBytes = writer.SizeBytes;
        Range = growing.Clone();
    }

    // False if the batch is full before the end: it then ends within the gap.
    private bool CoverTo(LedgerStretch stretch, ulong size)
    {
        foreach (var (level, index) in SubtreeCover.Of(growing.Size, Math.Max(growing.Size, size)))
        {
            if (writer.Count >= maxItems)
            {
                Full = true;
                Keep();
                return false;
            }

            subtrees ??= new SubtreeReader(stretch.Head, stretch.Tile, stretch.Tail);
            if (LedgerProofs.IsLost(stretch.Head, subtrees, level, index))
                throw new ProofUnavailableException($"of the {1UL << level} entries from {growing.Size} on only a part of one hash came back");
            var hash = subtrees.Read(level, index);
            writer.AddOpaque(level, hash);
            growing.AppendSubtree(level, hash);
        }

        if (writer.Count < maxItems)
            return true;
        Full = true;
        Keep();
        return false;
    }

    private bool Add(LedgerStretch stretch, StretchEntry entry)
    {
        guard ??= new SendGuard(partner, stretch, nowMs);
        var leaf = LeafOf(entry);
        if (guard.Check(entry, out var record, out var decision, out var view) == GuardVerdict.Hold)
        {
            Held = entry.Latest.Rec;
            return false;
        }

        if (record is null)
            writer.AddEntry(leaf);
        else
            writer.AddEntry(leaf, view.Statement, view.Forwardable ? entry.Signature : default, VisibleOpenings.Of(record, decision!, record.Stored));
        judged.Add(entry.Latest);
        growing.Append(leaf.Hash(stretch.Head.Ledger));
        return true;
    }

    private static Leaf LeafOf(StretchEntry entry) => LedgerTree.LeafOf(new LedgerEntryName(entry.Entry, entry.Record.Name));
}
