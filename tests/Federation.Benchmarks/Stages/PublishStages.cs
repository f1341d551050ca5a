using Federation.Benchmarks.Load;
using Federation.Node.Access;
using Federation.Node.Records;
using Federation.Node.Storage;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Node;
using Google.Protobuf;

namespace Federation.Benchmarks.Stages;

/// <summary>Steps 1 to 3 of a record's life: parse, check, freeze, seal, append.</summary>
internal sealed class PublishStages(StageNode origin, StageClock clock)
{
    private const int UnderWay = 1000;

    public async Task RunAsync(int records, CancellationToken cancellationToken)
    {
        var source = new BenchRecords(seed: 7, passPercent: 100);
        var requests = BulkLoad.Make(source, records).Select(r => r.ToByteArray()).ToList();
        var drafts = new List<RecordDraft>(records);
        await clock.MeasureAsync("publish: parse the request", () => drafts.AddRange(requests.Select(r => PublishRecordsRequest.Parser.ParseFrom(r).Record)));
        var check = await clock.MeasureAsync("publish: check", () => drafts.ForEach(Check));
        var secret = new RecordSecret(new byte[RecordSecret.SizeBytes]);
        var freezer = new RecordFreezer(StageNode.Entropy);
        var frozen = new List<List<FrozenPart>>(records);
        var freeze = await clock.MeasureAsync("publish: freeze (serialise, salt, commit)", () => frozen.AddRange(drafts.Select(d => freezer.Freeze(NameOf(d), d, secret, 1_700_000_000_000, []))));
        var seal = await clock.MeasureAsync("publish: encode openings, handling and shape; seal", () =>
        {
            for (var i = 0; i < drafts.Count; i++)
                Seal(drafts[i], frozen[i]);
        });
        frozen.Clear();
        var publisher = new RecordPublisher(origin.Store, origin.Identity.Institute, TimeProvider.System, StageNode.Entropy);
        var caller = new ClientCaller("bench", ClientRoles.Publisher);
        var whole = await clock.MeasureAsync("publish: whole, 1,000 under way", async () =>
        {
            var tasks = new Queue<Task>();
            foreach (var draft in drafts)
            {
                if (tasks.Count >= UnderWay)
                    await tasks.Dequeue();
                tasks.Enqueue(publisher.PublishAsync(draft, "", caller, cancellationToken));
            }

            await Task.WhenAll(tasks);
        });
        clock.Remainder("publish: append in the store, and the way there", whole, check, freeze, seal);
    }

    private static void Check(RecordDraft draft)
    {
        var faults = new FieldFaults();
        DraftChecks.Check(draft, "record.", faults);
        faults.ThrowIfAny();
    }

    private RecordName NameOf(RecordDraft draft) => new(origin.Identity.Institute, RecordId.Parse(draft.RecordId));

    private void Seal(RecordDraft draft, List<FrozenPart> parts)
    {
        var key = new byte[BodyBox.KeySizeBytes];
        StageNode.Entropy(key);
        var shape = new RecordShape { ReleaseMs = 0, Audience = [], Topics = [.. draft.Envelope.Topics], State = (byte)draft.Envelope.State, Parts = [.. parts.Select(p => p.Shape)] };
        shape.Encode();
        BodyBox.Seal(key, StageNode.Entropy, NameOf(draft), 1, StoredContent.EncodeOpenings(parts), StoredContent.EncodeHandling(draft, parts));
    }
}
