using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Exchange;

namespace Federation.Node.Exchange;

/// <summary>
/// Applies proven batches, several in one transaction when they wait: records, tombstones, entries, range, head and cursor together.
/// It owns the set of live entries as of the stored cursor.
/// </summary>
internal sealed class DisclosureApplier
{
    private readonly INodeStore store;
    private readonly Partner partner;
    private readonly TimeProvider time;
    private readonly ulong maxLiveRecords;
    private readonly ILogger logger;
    private readonly ContradictionWatch contradictions;
    private LiveSet live;
    private ulong size;
    private SignedBytes? held;

    public DisclosureApplier(INodeStore store, Partner partner, FollowRow row, TimeProvider time, ulong maxLiveRecords, ILogger logger)
    {
        this.store = store;
        this.partner = partner;
        this.time = time;
        this.maxLiveRecords = maxLiveRecords;
        this.logger = logger;
        contradictions = new ContradictionWatch(store, partner, time, logger);
        live = LiveSet.Decode(row.LiveCount, row.Buckets);
        size = row.Size;
        held = HaltEvidence.HeldBy(row);
    }

    /// <summary>Whether the live entries after the last batch are others than its head at the tip says: the copy has to be repaired.</summary>
    public bool DiffersAtTip { get; private set; }

    /// <summary>Goes on with repaired live entries.</summary>
    public void Adopt(LiveSet repaired)
    {
        live = repaired.Clone();
        DiffersAtTip = false;
    }

    /// <summary>
    /// Applies batches that follow each other, of which only the last may be at the tip; returns whether content was removed. If the live
    /// entries would be others than the tip says, that is asked about first: nothing is applied under a head that lies.
    /// </summary>
    public async Task<bool> ApplyAsync(
        IReadOnlyList<VerifiedBatch> batches, Func<VerifiedBatch, SignedBytes?, Task> onDifference, CancellationToken cancellationToken)
    {
        var entries = batches.SelectMany(b => b.Items).Where(i => i.Entry is not null).Select(i => i.Entry!).ToList();
        var rows = await store.ReadHeldAsync(partner.Number, [.. entries.Select(e => new RecordName(e.Leaf.Origin, e.Leaf.Record))], cancellationToken);
        var next = live.Clone();
        var items = new List<ReceivedItem>();
        var rowIndex = 0;
        foreach (var batch in batches)
        {
            for (var i = 0; i < batch.Items.Length; i++)
            {
                var item = batch.Items[i];
                items.Add(item.Entry is { } entry
                    ? Take(batch, entry, batch.Records[i], rows[rowIndex++], next)
                    : new ReceivedItem { Hash = item.Hash, Level = item.Level, Leaf = null });
            }

            await contradictions.CheckAsync(batch, held, cancellationToken);
        }

        if (next.Count > maxLiveRecords)
            throw new OverQuotaException(next.Count, maxLiveRecords);
        var last = batches[^1];
        var differs = last.Position.LastHead is { Tip: true } tip && (tip.LiveCount != next.Count || tip.LiveDigest != next.Digest());
        if (differs)
            await onDifference(last, held);
        var outcome = await store.ApplyBatchAsync(
            new FollowerBatch
            {
                Partner = partner.Number,
                ExpectedSize = size,
                ExpectedHead = held?.Payload.ToByteArray() ?? [],
                NowMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
                Items = items,
                EndsPast = last.Position.LastHead!.Tip && !differs,
                Range = last.Position.Range.Encode(),
                LiveCount = next.Count,
                Buckets = next.Encode(),
                Head = last.Head,
                HeadSignature = last.HeadSignature,
            },
            cancellationToken);
        if (!outcome.Applied)
            throw new CursorMovedException(partner.Institute);
        live = next;
        size = last.Position.Size;
        held = last.Response.Head;
        DiffersAtTip = differs;
        return outcome.ContentRemoved;
    }

    /// <summary>The live digest at the present size, if the last head stood at the tip.</summary>
    public Digest LiveDigest() => live.Digest();

    private ReceivedItem Take(VerifiedBatch batch, VerifiedEntry entry, ReceivedRecord? record, HeldRow? row, LiveSet next)
    {
        var leaf = entry.Leaf;
        // The order per record is incarnation, then vrev: what is held of an ended incarnation is older than anything in this one.
        if (row is { Past: 0 } && leaf.Vrev <= row.Vrev)
            throw DisclosureVerifier.Halt("VREV_REGRESSES", $"entry {leaf.Seq} has vrev {leaf.Vrev} and {row.Vrev} was applied before", batch.Response, held);
        if (row is { Live: true, Past: 0 } && Leaf.TryRead(row.Leaf, out var before, out _))
            next.Remove(before.Record, before.Hash(batch.Position.Ledger));
        if (record is null)
            return new ReceivedItem { Hash = entry.LeafHash, Leaf = leaf, Held = row, Forwarded = leaf.Origin != partner.Institute };
        next.Add(leaf.Record, entry.LeafHash);
        if (record.Reason is { } reason)
            ExchangeLog.Quarantined(logger, partner.Institute, leaf.Record, reason);
        return new ReceivedItem { Hash = entry.LeafHash, Leaf = leaf, Held = row, Record = record, Forwarded = leaf.Origin != partner.Institute };
    }
}
