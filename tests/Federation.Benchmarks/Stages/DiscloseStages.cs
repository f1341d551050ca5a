using Federation.Node.Ledger;
using Federation.Node.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Federation.Benchmarks.Stages;

/// <summary>Steps 4 and 5: decide and disclose, as a sweep does for a new partner.</summary>
internal sealed class DiscloseStages(StageNode origin, StageClock clock)
{
    private const int ChunkSize = 2000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var snapshots = new List<ReconcileSnapshot>();
        var everything = new SelectionRequest { Selection = RecordSelection.Everything, Limit = 500_000 };
        var recs = (await origin.Store.SelectRecordsAsync(everything, cancellationToken)).Select(found => found.Rec).ToList();
        var read = await clock.MeasureAsync("disclose: read records and what is disclosed", async () =>
        {
            foreach (var chunk in recs.Chunk(ChunkSize))
                snapshots.Add(await origin.Store.ReadReconcileAsync(origin.Partner.Number, chunk, cancellationToken));
        });
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var judge = await clock.MeasureAsync("disclose: judge and make statements, sign one in ten", () =>
        {
            foreach (var snapshot in snapshots)
                new Reconciler([origin.Partner], origin.Identity.StatementKey, now).Plan(snapshot);
        });
        snapshots.Clear();

        var appender = new LedgerAppender(origin.Store, new LedgerAudits(origin.Store, TimeProvider.System, NullLogger<LedgerAudits>.Instance), TimeProvider.System, NullLogger.Instance);
        var judged = new JudgedPartners(origin.Store, origin.Roster);
        var round = new ReconcileRound(origin.Store, origin.Roster, judged, appender, origin.Identity, new ReleaseClock(TimeProvider.System), NullLogger.Instance);
        var node = await origin.Store.ReadNodeAsync(cancellationToken);
        appender.Reset(node);
        judged.Look(node);
        var sweep = node.Sweeps[0];
        var whole = await clock.MeasureAsync("disclose: whole", async () =>
        {
            foreach (var chunk in recs.Chunk(ChunkSize))
                await round.RunAsync(new RoundWork { Recs = chunk, Sweep = sweep, LeavesReferrers = true, Progress = AppendProgress.None }, cancellationToken);
        });
        clock.Remainder("disclose: extend the tree and append in the store", whole, read, judge);
    }
}
