using Federation.Node.Exchange;
using Federation.Node.Ledger;
using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace Federation.Benchmarks.Stages;

/// <summary>Step 6: read a stretch, judge it again, frame it, sign its head.</summary>
internal sealed class ServeStages(StageNode origin, StageClock clock)
{
    // One batch of records of 2 KiB.
    private const int EntriesAtOnce = 83;

    public async Task RunAsync(List<FollowResponse> responses, CancellationToken cancellationToken)
    {
        var partner = origin.Partner;
        await origin.Store.ConfirmContactAsync(partner.Number, 0, following: true, cancellationToken);
        var read = await clock.MeasureAsync("serve: read entries, records, bodies, signatures", async () =>
        {
            var size = 0UL;
            var more = true;
            while (more)
            {
                more = false;
                await origin.Store.VisitLedgerAsync(partner.Number, size, EntriesAtOnce, withBodies: true, Count, cancellationToken);
            }

            bool Count(LedgerStretch stretch, StretchEntry? entry)
            {
                size = entry?.Latest.Seq + 1 ?? size;
                return more = entry is not null;
            }
        });
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var batches = new List<(LedgerHead Head, ulong FirstSeq, LedgerBatch Batch)>();
        var build = await clock.MeasureAsync("serve: read and build batches", async () =>
        {
            var range = CompactRange.Decode(0, []);
            var size = (await origin.Store.ReadHeadAsync(partner.Number, cancellationToken))!.Size;
            while (range.Size < size)
            {
                var batch = new LedgerBatch(new BatchWriter(), partner, range, ExchangeLimits.MaxBatchEntries, size, now);
                var stretch = await origin.Store.VisitLedgerAsync(
                    partner.Number, range.Size, ExchangeLimits.MaxBatchEntries, withBodies: true, batch.Visit, cancellationToken);
                if (batch.Count == 0)
                    throw new InvalidOperationException($"the batch at {range.Size} is empty; held by the guard: {batch.Held}");
                batches.Add((stretch.Head, range.Size, batch));
                range = batch.Range;
            }
        });
        clock.Remainder("serve: judge again, unseal, frame, extend the range", build, read);
        var growing = new LedgerAudits(origin.Store, TimeProvider.System, NullLogger<LedgerAudits>.Instance);
        await clock.MeasureAsync("serve: second path, a batch as it is appended", async () =>
        {
            foreach (var (stored, _, batch) in batches)
            {
                var then = stored with { Size = batch.Range.Size, Range = batch.Range.Encode() };
                await growing.CheckAsync(then, then.Size, batch.Range.Root(), cancellationToken);
            }
        });
        var audits = new LedgerAudits(origin.Store, TimeProvider.System, NullLogger<LedgerAudits>.Instance);
        using var anchor = SqliteAnchor.Open(
            Path.Combine(Directory.CreateTempSubdirectory("federation-anchor-").FullName, "anchor.db"), failure => Environment.FailFast(failure.Message), out _);
        var signer = new HeadSigner(origin.Identity, audits, anchor, TimeProvider.System);
        await clock.MeasureAsync("serve: second path, a batch for catching up, and sign the head", async () =>
        {
            foreach (var (stored, firstSeq, batch) in batches)
            {
                var head = new Head(stored.Ledger, stored.Incarnation, batch.Range.Size, batch.Range.Root(), 0, false, 0, 0, Digest.Zero);
                var (_, signed) = await signer.SignAsync(stored, head, 0, cancellationToken);
                responses.Add(new FollowResponse { FirstSeq = firstSeq, Items = UnsafeByteOperations.UnsafeWrap(batch.Items), Head = signed });
            }
        });
    }
}
