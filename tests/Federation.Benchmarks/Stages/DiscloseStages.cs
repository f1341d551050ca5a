using Federation.Node.Ledger;
using Federation.Node.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Federation.Benchmarks.Stages;

/// <summary>Steps 4 and 5: decide and disclose, as a sweep does for a new partner.</summary>
internal sealed class DiscloseStages(StageNode origin, StageClock clock)
{
    private const int SweepLimit = 2000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var snapshots = new List<ReconcileSnapshot>();
        var read = await clock.MeasureAsync("disclose: read records and what is disclosed", async () =>
        {
            for (var after = 0L; snapshots.Count == 0 || !snapshots[^1].Exhausted; after = snapshots[^1].Position)
                snapshots.Add(await origin.Store.ReadReconcileAsync(Request(after), cancellationToken));
        });
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var judge = await clock.MeasureAsync("disclose: judge and make statements, sign one in ten", () =>
        {
            foreach (var snapshot in snapshots)
                new Reconciler([origin.Partner], origin.Identity.StatementKey, now).Plan(snapshot);
        });
        snapshots.Clear();

        var appender = new LedgerAppender(origin.Store, origin.Roster, origin.Identity, new ReleaseClock(TimeProvider.System), NullLogger.Instance);
        appender.Reset(await origin.Store.ReadNodeAsync(cancellationToken));
        var whole = await clock.MeasureAsync("disclose: whole", async () =>
        {
            var exhausted = false;
            for (var after = 0L; !exhausted;)
            {
                var snapshot = await appender.RunAsync(Request(after), AppendProgress.None, cancellationToken);
                (after, exhausted) = (snapshot.Position, snapshot.Exhausted);
            }
        });
        clock.Remainder("disclose: extend the tree and append in the store", whole, read, judge);
    }

    private ReconcileRequest Request(long after) => new() { Scope = ReconcileScope.Sweep, Partner = origin.Partner.Number, After = after, Limit = SweepLimit };
}
