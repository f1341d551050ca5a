using Federation.Node.Exchange;
using Federation.Node.Ledger;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Benchmarks.Stages;

/// <summary>Step 6: read a stretch, judge it again, frame it, sign its head.</summary>
internal sealed class ServeStages(StageNode origin, StageClock clock)
{
    public async Task RunAsync(List<FollowResponse> responses, CancellationToken cancellationToken)
    {
        var partner = origin.Partner;
        await origin.Store.ConfirmContactAsync(partner.Number, following: true, cancellationToken);
        var stretches = new List<LedgerStretch>();
        await clock.MeasureAsync("serve: read stretches with bodies", async () =>
        {
            for (var size = 0UL; ;)
            {
                var stretch = await origin.Store.ReadLedgerAsync(partner.Number, size, ExchangeLimits.MaxBatchEntries, ExchangeLimits.FlushBytes, cancellationToken);
                if (stretch.Entries.Count == 0)
                    break;
                stretches.Add(stretch);
                size += (ulong)stretch.Entries.Count;
            }
        });
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var batches = new List<(LedgerHead Head, ulong FirstSeq, LedgerBatch Batch)>();
        await clock.MeasureAsync("serve: judge again, unseal, frame, extend the range", () =>
        {
            var range = CompactRange.Decode(0, []);
            foreach (var stretch in stretches)
            {
                var batch = LedgerBatch.Build(partner, stretch, range, ulong.MaxValue, ExchangeLimits.MaxBatchEntries, now);
                batches.Add((stretch.Head, range.Size, batch));
                if (batch.Count < stretch.Entries.Count)
                    throw new InvalidOperationException($"the batch holds {batch.Count} of {stretch.Entries.Count} entries, held by the guard: {batch.Held}");
                range = batch.Range;
            }
        });
        stretches.Clear();
        var signer = new HeadSigner(origin.Identity, TimeProvider.System);
        await clock.MeasureAsync("serve: copy the frame, sign the head", () =>
        {
            foreach (var (stored, firstSeq, batch) in batches)
            {
                var head = new Head(stored.Ledger, stored.Incarnation, batch.Range.Size, batch.Range.Root(), 0, false, 0, 0, Digest.Zero);
                responses.Add(new FollowResponse { FirstSeq = firstSeq, Items = UnsafeByteOperations.UnsafeWrap(batch.Items()), Head = signer.Sign(head, 0).Signed });
            }
        });
    }
}
