using System.Diagnostics;
using Federation.Benchmarks.Load;
using Federation.Benchmarks.Report;
using Federation.Benchmarks.Stages;
using Federation.Node.Exchange;
using Federation.Node.Ledger;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace Federation.Benchmarks.Bars;

/// <summary>
/// B9: a reconnect with its proof at a long ledger, and catching up over it from nothing and from the middle: bytes and time, both sides one
/// after the other in one process, without a network.
/// </summary>
internal sealed class CatchUp(BenchmarkOptions options, FigureTable table)
{
    private const int UsualRecords = 200_000;
    private const int EntriesPerRecord = 5;
    private const int BatchesPerCommit = 8;
    private const int Contacts = 200;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("federation-catchup-");
        try
        {
            await using var origin = StageNode.Open(directory.FullName, "origin");
            await using var partner = StageNode.Open(directory.FullName, "partner");
            var middle = await FillAsync(origin, partner, options.RecordsOr(UsualRecords), cancellationToken);
            await partner.AddPartnerAsync(origin, share: false, null, cancellationToken);
            var head = (await origin.Store.ReadHeadAsync(origin.Partner.Number, cancellationToken))!;
            table.Add("B9", "entries in the ledger", head.Size, $"of which {head.LiveCount:N0} live");
            await ReconnectAsync(origin, head, middle, cancellationToken);
            await ServeAsync(origin, null, "from the middle", middle, cancellationToken);
            await ServeAsync(origin, partner, "from nothing", new CompactRange(), cancellationToken);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    // Half of the records are shared; each time that all of them are taken back and shown again they get two entries.
    private static async Task<CompactRange> FillAsync(StageNode origin, StageNode partner, int records, CancellationToken cancellationToken)
    {
        await PolicyChange.LoadAsync(origin, records, cancellationToken);
        var node = new SweptNode(origin);
        await node.SettleAsync(cancellationToken);
        await origin.AddPartnerAsync(partner, share: true, SpreadPolicy.Wide, cancellationToken);
        await origin.Store.ConfirmContactAsync(origin.Partner.Number, 0, following: true, cancellationToken);
        await node.SweepAsync(cancellationToken);
        var middle = new CompactRange();
        for (var i = 0; i < EntriesPerRecord; i++)
        {
            await node.ApplyAsync(SpreadPolicy.Lowest, cancellationToken);
            await node.SweepAsync(cancellationToken);
            await node.ApplyAsync(SpreadPolicy.Wide, cancellationToken);
            if (i == EntriesPerRecord / 2)
            {
                var head = (await origin.Store.ReadHeadAsync(origin.Partner.Number, cancellationToken))!;
                middle = CompactRange.Decode(head.Size, head.Range);
            }

            await node.SweepAsync(cancellationToken);
        }

        return middle;
    }

    // The partner holds a head of half the size; the origin proves that it is a prefix, the partner checks it.
    private async Task ReconnectAsync(StageNode origin, LedgerHead head, CompactRange middle, CancellationToken cancellationToken)
    {
        var proofs = new LedgerProofs(origin.Store);
        var root = CompactRange.Decode(head.Size, head.Range).Root();
        var times = new List<TimeSpan>();
        var bytes = 0;
        for (var i = 0; i < Contacts; i++)
        {
            var held = middle.Size - (ulong)i;
            var heldRange = await proofs.RangeAtAsync(head, held, cancellationToken);
            var watch = Stopwatch.StartNew();
            // What the origin does at Hello: the root that the partner's head must have, and the proof.
            var prefix = (await proofs.RangeAtAsync(head, held, cancellationToken)).Root();
            var proof = await proofs.ConsistencyAsync(head, held, head.Size, cancellationToken);
            if (prefix != heldRange.Root() || !ConsistencyProof.Verify(held, head.Size, prefix, root, proof))
                throw new InvalidOperationException($"no proof from {held} to {head.Size}");
            times.Add(watch.Elapsed);
            bytes = Math.Max(bytes, (proof.Count * (Digest.SizeBytes + 2)) + (2 * Head.SizeBytes));
        }

        times.Sort();
        table.Add("B9", "reconnect: prove and verify a prefix, p50", times[Contacts / 2].TotalMilliseconds, "ms, without the network");
        table.Add("B9", "reconnect: prove and verify a prefix, p99", times[Contacts * 99 / 100].TotalMilliseconds, "ms, without the network", "≤ 20 ms");
        table.Add("B9", "reconnect: most bytes of proof and heads", bytes, "bytes", "≤ 4 KiB");
    }

    private async Task ServeAsync(StageNode origin, StageNode? partner, string name, CompactRange from, CancellationToken cancellationToken)
    {
        var responses = new List<FollowResponse>();
        var head = (await origin.Store.ReadHeadAsync(origin.Partner.Number, cancellationToken))!;
        var (shown, hashes) = (0L, 0L);
        var serving = await Measured.RunAsync(async () =>
        {
            var range = from;
            while (range.Size < head.Size)
            {
                var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
                var batch = new LedgerBatch(new BatchWriter(), origin.Partner, range, ExchangeLimits.MaxBatchEntries, head.Size, now);
                await origin.Store.VisitLedgerAsync(
                    origin.Partner.Number, range.Size, ExchangeLimits.MaxBatchEntries, withBodies: true, batch.Visit, cancellationToken);
                if (batch.Count == 0)
                    throw new InvalidOperationException($"the batch at {range.Size} is empty; held by the guard: {batch.Held}");
                shown += batch.Shown;
                hashes += batch.Count - batch.Shown;
                responses.Add(Sign(origin, head, range.Size, batch));
                range = batch.Range;
            }
        });
        var bytes = responses.Sum(r => (long)r.CalculateSize());
        table.Add("B9", $"{name}: entries shown / hashes for the others", $"{shown:N0} / {hashes:N0}");
        table.Add("B9", $"{name}: bytes", bytes / (1024.0 * 1024), $"MiB, of which hashes {hashes * 34 * 100.0 / bytes:0.0} %");
        table.Add("B9", $"{name}: read, judge, frame, sign", serving.Elapsed.TotalSeconds, "s at the origin");
        if (partner is not null)
            await ReceiveAsync(partner, head, responses, name, cancellationToken);
    }

    private static FollowResponse Sign(StageNode origin, LedgerHead head, ulong firstSeq, LedgerBatch batch)
    {
        var tip = batch.Range.Size == head.Size;
        var live = tip ? LiveSet.Decode(head.LiveCount, head.Buckets).Digest() : Digest.Zero;
        var signed = new Head(
            head.Ledger, head.Incarnation, batch.Range.Size, batch.Range.Root(), TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), tip,
            origin.Identity.ManifestNumber, tip ? head.LiveCount : 0, live).Encode();
        return new FollowResponse
        {
            FirstSeq = firstSeq,
            Items = ByteString.CopyFrom(batch.Items.Span),
            Head = new SignedBytes { Payload = ByteString.CopyFrom(signed), Signature = ByteString.CopyFrom(origin.Identity.HeadKey.Sign(Head.PaeType, signed)) },
        };
    }

    private async Task ReceiveAsync(StageNode partner, LedgerHead head, List<FollowResponse> responses, string name, CancellationToken cancellationToken)
    {
        await partner.Store.SaveFollowAsync(new FollowWrite(partner.Partner.Number) { Contact = (head.Ledger, head.Incarnation) }, cancellationToken);
        var row = (await partner.Store.ReadNodeAsync(cancellationToken)).Followers[0];
        var verifier = new DisclosureVerifier(partner.Partner, row, _ => null);
        var receiver = new RecordReceiver(partner.Partner, new ForwardedCheck(partner.Roster, partner.Identity, partner.Partner), StageNode.Entropy);
        var applier = new DisclosureApplier(partner.Store, partner.Partner, row, TimeProvider.System, ulong.MaxValue, NullLogger.Instance);
        var receiving = await Measured.RunAsync(async () =>
        {
            foreach (var together in responses.Chunk(BatchesPerCommit))
                await applier.ApplyAsync([.. together.Select(response => receiver.Receive(verifier.Take(verifier.Prove(response), response)))], (_, _) => Task.CompletedTask, cancellationToken);
        });
        if (applier.DiffersAtTip)
            throw new InvalidOperationException("the live entries are not those under the head");
        table.Add("B9", $"{name}: verify, apply, durable, live set compared", receiving.Elapsed.TotalSeconds, "s at the partner");
    }
}
