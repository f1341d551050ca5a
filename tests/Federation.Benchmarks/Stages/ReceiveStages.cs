using Federation.Node.Exchange;
using Federation.Node.Storage;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace Federation.Benchmarks.Stages;

/// <summary>Steps 7 to 9: parse, verify, make what is stored, apply.</summary>
internal sealed class ReceiveStages(StageNode partner, StageClock clock)
{
    private const int BatchesPerCommit = 8;

    public async Task RunAsync(LedgerHead ledger, List<FollowResponse> sent, CancellationToken cancellationToken)
    {
        var messages = sent.Select(r => r.ToByteArray()).ToList();
        sent.Clear();
        var received = new List<FollowResponse>();
        await clock.MeasureAsync("receive: parse the message", () => received.AddRange(messages.Select(FollowResponse.Parser.ParseFrom)));
        messages.Clear();

        await partner.Store.SaveFollowAsync(new FollowWrite(partner.Partner.Number) { Contact = (ledger.Ledger, ledger.Incarnation) }, cancellationToken);
        var row = (await partner.Store.ReadNodeAsync(cancellationToken)).Followers[0];
        var verifier = new DisclosureVerifier(partner.Partner, row, _ => null);
        var batches = new List<VerifiedBatch>();
        await clock.MeasureAsync("receive: verify (head, leaves, statements, commitments)", () => batches.AddRange(received.Select(response => verifier.Take(verifier.Prove(response), response))));
        received.Clear();

        var held = await clock.MeasureAsync("receive: look up what is held", async () =>
        {
            foreach (var batch in batches)
                await partner.Store.ReadHeldAsync(partner.Partner.Number, [.. batch.Items.Select(i => new RecordName(i.Entry!.Leaf.Origin, i.Entry.Leaf.Record))], cancellationToken);
        });
        var receiver = new RecordReceiver(partner.Partner, new ForwardedCheck(partner.Roster, partner.Identity, partner.Partner), StageNode.Entropy);
        var make = await clock.MeasureAsync("receive: read the parts, seal, check one signature in ten", () =>
        {
            foreach (var batch in batches)
                receiver.Receive(batch);
        });
        var applier = new DisclosureApplier(partner.Store, partner.Partner, row, TimeProvider.System, ulong.MaxValue, NullLogger.Instance);
        var whole = await clock.MeasureAsync($"receive: apply, whole, {BatchesPerCommit} batches a commit", async () =>
        {
            foreach (var together in batches.Chunk(BatchesPerCommit))
                await applier.ApplyAsync(together, (_, _) => Task.CompletedTask, cancellationToken);
        });
        clock.Remainder("receive: live set and append in the store", whole, held);
    }
}
