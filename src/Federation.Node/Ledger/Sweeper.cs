using Federation.Node.Partners;
using Federation.Node.Storage;

namespace Federation.Node.Ledger;

/// <summary>
/// Brings partners' ledgers in step with a changed policy or membership, a chunk at a time: first what the partner holds and may have to
/// give back, then what it may come to hold. Progress is stored with the entries of each chunk; which records are looked at follows from
/// what is stored, so that a restart goes on where the last chunk ended. Records written meanwhile are judged by the way of all changes.
/// </summary>
internal sealed class Sweeper(INodeStore store, RosterSource roster, LedgerAppender appender, ILogger logger)
{
    private const int ChunkSize = 2000;
    private const int SelectionSize = 500_000;

    private readonly SweepScope scope = new(store);

    // The numbers selected for a stretch of one sweep, and how many of them are done.
    private SweepProgress? selectedFor;
    private IReadOnlyList<long> selected = [];
    private bool selectedAll;
    private int done;

    /// <summary>Takes one chunk of the first sweep that is pending; returns whether one is pending still.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var sweeps = (await store.ReadNodeAsync(cancellationToken)).Sweeps.Where(s => roster.Current.Find(s.Partner) is { Share: true }).ToList();
        if (sweeps.Count == 0)
            return false;
        var sweep = sweeps[0];
        if (roster.Current.Find(sweep.Partner) is not { } partner || partner.PolicyEpoch != sweep.Epoch || partner.Membership != sweep.Membership)
        {
            await roster.ReloadAsync(cancellationToken);
            return true;
        }

        if (selectedFor != sweep)
            await SelectAsync(partner, sweep, cancellationToken);
        var chunk = selected.Skip(done).Take(ChunkSize).ToList();
        var exhausted = selectedAll && done + chunk.Count == selected.Count;
        var progress = sweep with
        {
            Position = exhausted ? 0 : chunk[^1],
            HeldDone = sweep.HeldDone || exhausted,
            Done = sweep.HeldDone && exhausted,
        };
        var request = new ReconcileRequest { Scope = ReconcileScope.Listed, Partner = sweep.Partner, Recs = chunk, Limit = ChunkSize };
        await appender.RunAsync(request, progress, cancellationToken);
        done += chunk.Count;
        selectedFor = done == selected.Count ? null : progress;
        if (progress.Done)
            LedgerLog.Swept(logger, sweep.Partner, sweep.Epoch);
        return sweeps.Count > 1 || !progress.Done;
    }

    /// <summary>Forgets what was selected; to be called when the appender was reset.</summary>
    public void Reset() => selectedFor = null;

    private async Task SelectAsync(Partner partner, SweepProgress sweep, CancellationToken cancellationToken)
    {
        var request = new SelectionRequest
        {
            Selection = await scope.OfAsync(partner, sweep, cancellationToken),
            Partner = sweep.Partner,
            Held = !sweep.HeldDone,
            After = sweep.Position,
            Limit = SelectionSize,
        };
        selected = await store.SelectRecordsAsync(request, cancellationToken);
        selectedAll = selected.Count < SelectionSize;
        selectedFor = sweep;
        done = 0;
    }
}
