using Federation.Node.Storage;
using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>Stores that break a promise: each has to be noticed, or the checks are worth nothing.</summary>
internal static class PlantedBugs
{
    /// <summary>A batch moves the cursor and loses a record now and then.</summary>
    public static INodeStore CursorWithoutRecord(INodeStore store, NodeLife life) => new ForgetfulStore(store, life);

    /// <summary>A batch is reported as applied before it is.</summary>
    public static INodeStore ReceiptBeforeCommit(INodeStore store, NodeLife life) => new HastyFollowerStore(store, life);

    /// <summary>A write is answered before it is durable.</summary>
    public static INodeStore AnswerBeforeCommit(INodeStore store, NodeLife life) => new HastyWriterStore(store, life);

    /// <summary>No commit makes the send guard look again.</summary>
    public static INodeStore BlindGuard(INodeStore store, NodeLife life) => new BlindStore(store);

    /// <summary>What has to be looked at again later is forgotten.</summary>
    public static INodeStore LostTimers(INodeStore store, NodeLife life) => new TimelessStore(store);

    private sealed class ForgetfulStore(INodeStore inner, NodeLife life) : StoreDecorator(inner)
    {
        public override Task<ApplyOutcome> ApplyBatchAsync(FollowerBatch batch, CancellationToken cancellationToken)
        {
            var lost = life.Rng.Chance(0.05) ? batch.Items.FirstOrDefault(item => item.Record is not null) : null;
            var items = batch.Items.Select(item => item == lost ? new ReceivedItem { Hash = item.Hash, Level = item.Level, Leaf = null } : item).ToList();
            return Inner.ApplyBatchAsync(
                new FollowerBatch
                {
                    Partner = batch.Partner,
                    ExpectedSize = batch.ExpectedSize,
                    ExpectedHead = batch.ExpectedHead,
                    NowMs = batch.NowMs,
                    Items = items,
                    Range = batch.Range,
                    LiveCount = batch.LiveCount,
                    Buckets = batch.Buckets,
                    Head = batch.Head,
                    HeadSignature = batch.HeadSignature,
                },
                cancellationToken);
        }
    }

    private sealed class HastyFollowerStore(INodeStore inner, NodeLife life) : StoreDecorator(inner)
    {
        private Task _last = Task.CompletedTask;

        public override Task<ApplyOutcome> ApplyBatchAsync(FollowerBatch batch, CancellationToken cancellationToken)
        {
            _last = LaterAsync(_last, batch);
            life.Watch("late batch", _last);
            return Task.FromResult(new ApplyOutcome(true, false));
        }

        private async Task LaterAsync(Task before, FollowerBatch batch)
        {
            await before;
            await Task.Delay(TimeSpan.FromMilliseconds(5), life.Time);
            await Inner.ApplyBatchAsync(batch, CancellationToken.None);
        }
    }

    private sealed class HastyWriterStore(INodeStore inner, NodeLife life) : StoreDecorator(inner)
    {
        public override Task<WriteOutcome> WriteRecordAsync(RecordWrite write, CancellationToken cancellationToken)
        {
            life.Watch("late write", LaterAsync(write));
            return Task.FromResult(new WriteOutcome(WriteVerdict.Written, write.Name.Id, write.ExpectedVersion + 1));
        }

        private async Task LaterAsync(RecordWrite write)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), life.Time);
            await Inner.WriteRecordAsync(write, CancellationToken.None);
        }
    }

    private sealed class BlindStore(INodeStore inner) : StoreDecorator(inner)
    {
        public override long GuardCounter => 0;
    }

    private sealed class TimelessStore(INodeStore inner) : StoreDecorator(inner)
    {
        public override Task<bool> AppendDisclosuresAsync(DisclosureBatch batch, CancellationToken cancellationToken) => Inner.AppendDisclosuresAsync(
            new DisclosureBatch
            {
                Appends = batch.Appends,
                Judged = batch.Judged,
                ViewSignatures = batch.ViewSignatures,
                TimersCleared = batch.TimersCleared,
                TimersSet = [],
                Position = batch.Position,
                Sweep = batch.Sweep,
                FlipsNoted = batch.FlipsNoted,
                FlipsDone = batch.FlipsDone,
                ReleasedToMs = batch.ReleasedToMs,
            },
            cancellationToken);
    }
}
