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

    /// <summary>Applies batches that follow each other; returns whether content was removed.</summary>
    public async Task<bool> ApplyAsync(IReadOnlyList<VerifiedBatch> batches, CancellationToken cancellationToken)
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

            CheckTip(batch, next);
            await contradictions.CheckAsync(batch, held, cancellationToken);
        }

        if (next.Count > maxLiveRecords)
            throw new OverQuotaException(next.Count, maxLiveRecords);
        var last = batches[^1];
        var outcome = await store.ApplyBatchAsync(
            new FollowerBatch
            {
                Partner = partner.Number,
                ExpectedSize = size,
                ExpectedHead = held?.Payload.ToByteArray() ?? [],
                NowMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
                Items = items,
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
        return outcome.ContentRemoved;
    }

    /// <summary>The live digest at the present size, if the last head stood at the tip.</summary>
    public Digest LiveDigest() => live.Digest();

    private ReceivedItem Take(VerifiedBatch batch, VerifiedEntry entry, ReceivedRecord? record, HeldRow? row, LiveSet next)
    {
        var leaf = entry.Leaf;
        if (row is not null && leaf.Vrev <= row.Vrev)
            throw DisclosureVerifier.Halt("VREV_REGRESSES", $"entry {leaf.Seq} has vrev {leaf.Vrev} and {row.Vrev} was applied before", batch.Response, held);
        if (row is { Live: true } && Leaf.TryRead(row.Leaf, out var before, out _))
            next.Remove(before.Record, before.Hash(batch.Position.Ledger));
        if (record is null)
            return new ReceivedItem { Hash = entry.LeafHash, Leaf = leaf, Held = row };
        next.Add(leaf.Record, entry.LeafHash);
        if (record.Reason is { } reason)
            ExchangeLog.Quarantined(logger, partner.Institute, leaf.Record, reason);
        return new ReceivedItem { Hash = entry.LeafHash, Leaf = leaf, Held = row, Record = record };
    }

    private void CheckTip(VerifiedBatch batch, LiveSet next)
    {
        var head = batch.Position.LastHead!;
        if (head.Tip && (head.LiveCount != next.Count || head.LiveDigest != next.Digest()))
        {
            throw DisclosureVerifier.Halt(
                "LIVE_SET_MISMATCH", $"at size {head.Size} the head says {head.LiveCount} live entries and {next.Count} are held, or others", batch.Response, held);
        }
    }
}
