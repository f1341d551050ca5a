using Federation.Cli.Connection;
using Federation.Cli.RecordFiles;
using Federation.V1.Node;
using Federation.V1.Records;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Processes;

/// <summary>
/// Writes to one node's own listener, and remembers what was acknowledged. A call that is lost is made again with the same idempotency
/// key until it is answered, so that at rest the node holds exactly what is remembered here. With a partner its policy is narrowed and
/// widened now and then, so that sweeps are under way too; at the end the first one is in force.
/// </summary>
internal sealed class NodeLoad(ChildNode node, Random random, string? partner = null) : IDisposable
{
    private const int Bulk = 12;
    private static readonly RecordDraft Sample = ReadSample();

    private readonly List<LoadRecord> records = [];
    private NodeConnection? connection;
    private int calls;
    private bool narrowed;

    /// <summary>What was acknowledged.</summary>
    public IReadOnlyList<LoadRecord> Records => records;

    /// <summary>How many calls had to be made again.</summary>
    public int Repeats { get; private set; }

    /// <summary>How many policies were put in force.</summary>
    public int Policies { get; private set; }

    /// <summary>Writes until stopped; the write that is under way then is still brought to its end.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken giveUp)
    {
        while (!stop.IsCancellationRequested)
        {
            await StepAsync(giveUp);
            await Task.Delay(random.Next(5, 40), giveUp);
        }

        if (narrowed)
            await ChangePolicyAsync(giveUp);
    }

    public void Dispose() => connection?.Dispose();

    private Task StepAsync(CancellationToken cancellationToken)
    {
        var known = records.Where(r => !r.Erased && !r.Withdrawn).ToList();
        return random.Next(11) switch
        {
            10 when partner is not null => ChangePolicyAsync(cancellationToken),
            < 3 => PublishAsync(NewDraft(), cancellationToken),
            < 5 => PublishManyAsync(cancellationToken),
            < 8 when known.Count > 0 => ReviseAsync(known[random.Next(known.Count)], cancellationToken),
            8 when known.Count > 10 => WithdrawAsync(known[random.Next(known.Count)], cancellationToken),
            9 when known.Count > 10 => EraseAsync(known[random.Next(known.Count)], cancellationToken),
            _ => PublishAsync(NewDraft(), cancellationToken),
        };
    }

    private Task PublishAsync(RecordDraft draft, CancellationToken cancellationToken) => PublishAsync(draft, NextKey(), cancellationToken);

    private async Task PublishAsync(RecordDraft draft, string key, CancellationToken cancellationToken)
    {
        var request = new PublishRecordRequest { Record = draft, IdempotencyKey = key };
        var answer = await UntilAnsweredAsync(n => n.Records.PublishRecordAsync(request, n.Unary(cancellationToken)).ResponseAsync, cancellationToken);
        Remember(draft, answer.Result);
    }

    private async Task PublishManyAsync(CancellationToken cancellationToken)
    {
        var drafts = Enumerable.Range(0, Bulk).Select(_ => (Draft: NewDraft(), Key: NextKey())).ToList();
        var answered = new HashSet<int>();
        try
        {
            using var call = Connection().Records.PublishRecords(Connection().Unary(cancellationToken));
            foreach (var (draft, key) in drafts)
                await call.RequestStream.WriteAsync(new PublishRecordsRequest { Record = draft, IdempotencyKey = key }, cancellationToken);
            await call.RequestStream.CompleteAsync();
            await foreach (var answer in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                Assert.Equal(PublishRecordsResponse.OutcomeOneofCase.Result, answer.OutcomeCase);
                Assert.True(answered.Add((int)answer.Index), "an answer came twice");
                Remember(drafts[(int)answer.Index].Draft, answer.Result);
            }
        }
        catch (Exception lost) when (IsLoss(lost))
        {
            Reconnect();
        }

        // What was not answered may have been written or not: the same keys say it again.
        for (var i = 0; i < drafts.Count; i++)
        {
            if (!answered.Contains(i))
                await PublishAsync(drafts[i].Draft, drafts[i].Key, cancellationToken);
        }
    }

    private async Task ReviseAsync(LoadRecord record, CancellationToken cancellationToken)
    {
        var draft = record.Draft.Clone();
        if (random.Next(3) == 0)
            draft.Parts.Single(p => p.Key == "reproduction").Part.FlawReproduction.Steps[0] = $"Step of call {calls}";
        else
            Vary(draft);
        var request = new ReviseRecordRequest { RecordId = record.Id, ExpectedRevision = record.Revision, Record = draft, IdempotencyKey = NextKey() };
        var answer = await UntilAnsweredAsync(n => n.Records.ReviseRecordAsync(request, n.Unary(cancellationToken)).ResponseAsync, cancellationToken);
        Assert.Equal(record.Revision + 1, answer.Result.Revision);
        (record.Revision, record.Draft) = (answer.Result.Revision, draft);
    }

    private async Task WithdrawAsync(LoadRecord record, CancellationToken cancellationToken)
    {
        var request = new WithdrawRecordRequest
        {
            RecordId = record.Id,
            ExpectedRevision = record.Revision,
            ReasonCode = "RETRACTED",
            KeepContent = true,
            IdempotencyKey = NextKey(),
        };
        var answer = await UntilAnsweredAsync(n => n.Records.WithdrawRecordAsync(request, n.Unary(cancellationToken)).ResponseAsync, cancellationToken);
        Assert.Equal(record.Revision + 1, answer.Result.Revision);
        (record.Revision, record.Withdrawn) = (answer.Result.Revision, true);
    }

    private async Task EraseAsync(LoadRecord record, CancellationToken cancellationToken)
    {
        var request = new EraseRecordRequest { RecordId = record.Id, ExpectedRevision = record.Revision };
        await UntilAnsweredAsync(n => n.Records.EraseRecordAsync(request, n.Unary(cancellationToken)).ResponseAsync, cancellationToken);
        record.Erased = true;
    }

    // Put in force once more after a lost answer, it is another epoch of the same policy.
    private async Task ChangePolicyAsync(CancellationToken cancellationToken)
    {
        narrowed = !narrowed;
        var policy = narrowed ? ChildPair.Narrower[random.Next(ChildPair.Narrower.Count)] : ChildPair.Policy;
        var request = new ApplyPolicyRequest { Partner = partner, Policy = policy, FileName = "pair.yaml", Confirmed = true };
        await UntilAnsweredAsync(n => n.Operator.ApplyPolicyAsync(request, n.Unary(cancellationToken)).ResponseAsync, cancellationToken);
        Policies++;
    }

    private async Task<T> UntilAnsweredAsync<T>(Func<NodeConnection, Task<T>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await call(Connection());
            }
            catch (Exception lost) when (IsLoss(lost))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Repeats++;
                Reconnect();
                await Task.Delay(50, cancellationToken);
            }
        }
    }

    // Only what a dead or stopping node causes; a refusal is a failure of the test.
    private static bool IsLoss(Exception failure) =>
        failure is RpcException { StatusCode: StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.DeadlineExceeded or StatusCode.Internal };

    private NodeConnection Connection() => connection ??= node.Connect();

    private void Reconnect()
    {
        connection?.Dispose();
        connection = null;
    }

    private void Remember(RecordDraft draft, WriteResult result)
    {
        Assert.DoesNotContain(records, r => r.Id == result.RecordId);
        Assert.Equal(1u, result.Revision);
        records.Add(new LoadRecord { Id = result.RecordId, Revision = result.Revision, Draft = draft });
    }

    private RecordDraft NewDraft()
    {
        var draft = Sample.Clone();
        Vary(draft);
        return draft;
    }

    private void Vary(RecordDraft draft)
    {
        draft.Envelope.Title = $"Flaw of call {calls} at {node.Card.Institute}";
        draft.Envelope.Marking = random.Next(4) == 0 ? Marking.Red : Marking.Green;
        draft.Envelope.Onward = random.Next(2) == 0 ? Onward.Community : Onward.Unspecified;
        draft.Parts.Single(p => p.Key == "summary").Part.FlawSummary.Description = $"What call {calls} says: {random.NextInt64():x}";
    }

    private string NextKey() => $"call-{++calls}";

    private static RecordDraft ReadSample()
    {
        var (draft, faults) = DraftJson.Read(System.Text.Encoding.UTF8.GetBytes(Sharing.Policies.ReadFile("samples/uk/flaw-judge-length-bias.json")));
        Assert.Empty(faults);
        draft!.RecordId = "";
        return draft;
    }
}
