using Federation.Benchmarks.Load;
using Federation.Benchmarks.Report;
using Federation.Node.Ledger;
using Federation.Node.Storage;

namespace Federation.Benchmarks.Stages;

/// <summary>B6, the difference: a narrowing that withdraws a slice and a widening that discloses it again, whole and by stage.</summary>
internal sealed class SweepStages(StageNode origin, SweptNode node, FigureTable table)
{
    private const int ChunkSize = 2000;

    /// <summary>The first sweep for a new partner, which looks at what its policy may allow.</summary>
    public Task RunFirstAsync(CancellationToken cancellationToken) => SweepAsync("first sweep", "", cancellationToken);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await ChangeAsync("narrowing", SpreadPolicy.WithoutSlice, held: true, cancellationToken);
        await ChangeAsync("widening", SpreadPolicy.Wide, held: false, cancellationToken);
        // Once more, to tell what the operation costs from what being the first to touch these pages costs.
        await node.ApplyAsync(SpreadPolicy.WithoutSlice, cancellationToken);
        await SweepAsync("narrowing again", "≥ 25 k entries/s", cancellationToken);
        await node.ApplyAsync(SpreadPolicy.Wide, cancellationToken);
        await SweepAsync("widening again", "≥ 25 k entries/s", cancellationToken);
    }

    private async Task ChangeAsync(string name, string policy, bool held, CancellationToken cancellationToken)
    {
        await node.ApplyAsync(policy, cancellationToken);
        var sweep = (await origin.Store.ReadNodeAsync(cancellationToken)).Sweeps[0];
        var selection = await new SweepScope(origin.Store).OfAsync(node.Partner, sweep, cancellationToken);
        var request = new SelectionRequest { Selection = selection, Partner = node.Partner.Number, Held = held, Limit = 500_000 };
        IReadOnlyList<SelectedRecord> recs = [];
        var select = await Measured.RunAsync(async () => recs = await origin.Store.SelectRecordsAsync(request, cancellationToken));
        var (read, judge) = await JudgeAsync(recs, cancellationToken);
        var whole = await SweepAsync(name, "≥ 25 k entries/s", cancellationToken);
        foreach (var (stage, time) in new[] { ("select", select), ("read records and what is disclosed", read), ("judge and make statements", judge) })
            table.Add("B6", $"  {name}: {stage}", time.MicrosecondsEach(recs.Count), "µs CPU a record");
        var rest = (whole.Cpu - select.Cpu - read.Cpu - judge.Cpu).TotalMicroseconds / Math.Max(1, recs.Count);
        table.Add("B6", $"  {name}: extend the tree and append in the store", rest, "µs CPU a record, by subtraction");
    }

    // Reads and judges all of them in chunks, as the sweep does, and writes nothing.
    private async Task<(Measured Read, Measured Judge)> JudgeAsync(IReadOnlyList<SelectedRecord> found, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var (read, judge) = (default(Measured), default(Measured));
        foreach (var chunk in found.Chunk(ChunkSize))
        {
            ReconcileSnapshot? snapshot = null;
            long[] recs = [.. chunk.Select(record => record.Rec)];
            read += await Measured.RunAsync(async () => snapshot = await origin.Store.ReadReconcileAsync(node.Partner.Number, recs, cancellationToken));
            judge += await Measured.RunAsync(() =>
            {
                new Reconciler([node.Partner], origin.Identity.StatementKey, now).Plan(snapshot!);
                return Task.CompletedTask;
            });
        }

        return (read, judge);
    }

    private async Task<Measured> SweepAsync(string name, string bar, CancellationToken cancellationToken)
    {
        var bytes = await node.MeasureDatabaseAsync(cancellationToken);
        var entries = await node.CountEntriesAsync(cancellationToken);
        // What previews and the like left behind is no cost of the sweep.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var pauses = GC.GetTotalPauseDuration();
        var time = await Measured.RunAsync(() => node.SweepAsync(cancellationToken));
        pauses = GC.GetTotalPauseDuration() - pauses;
        entries = await node.CountEntriesAsync(cancellationToken) - entries;
        bytes = await node.MeasureDatabaseAsync(cancellationToken) - bytes;
        table.Add("B6", $"{name}, {entries} entries in {FigureTable.Text(time.Elapsed.TotalSeconds)} s", entries / time.Elapsed.TotalSeconds, "entries/s", bar);
        table.Add("B6", $"  {name}: whole", time.MicrosecondsEach(entries), "µs CPU an entry");
        table.Add("B6", $"  {name}: pauses of the collector", pauses.TotalMilliseconds, "ms");
        table.Add("B6", $"  {name}: growth of the database", (double)bytes / Math.Max(1, entries), "bytes an entry");
        return time;
    }
}
