using Federation.Node.Storage;

namespace Federation.Node.Ledger;

/// <summary>
/// Prunes ledger rows that were superseded longer ago than the audit period, once an hour. Tiles stay for ever, so that every proof can still be
/// made and a follower that was away for longer is served as any other; what is gone is who decided a superseded entry.
/// </summary>
internal sealed class Retention(INodeStore store, TimeSpan auditPeriod, TimeProvider time, ILogger<Retention> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    // Between two chunks others have the writer to themselves.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await PruneAsync(stoppingToken);
            await Task.Delay(Every, time, stoppingToken);
        }
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        try
        {
            var before = (time.GetUtcNow() - auditPeriod).ToUnixTimeMilliseconds();
            foreach (var ledger in (await store.ReadNodeAsync(cancellationToken)).Ledgers)
            {
                while (await store.PruneAsync(ledger.Partner, before, cancellationToken))
                    await Task.Delay(Pause, time, cancellationToken);
            }
        }
        catch (StoreFullException full)
        {
            // Deleting needs room in the log; the next hour will do.
            LedgerLog.NotPruned(logger, full.Message);
        }
    }
}
