using Federation.Node.Partners;
using Federation.Node.Storage;

namespace Federation.Node.Ledger;

/// <summary>
/// Brings partners' ledgers in step with a changed policy or membership, a chunk at a time: first what the partner holds and may have to
/// give back, then what it may come to hold. Progress is stored with the entries of each chunk; which records are looked at follows from
/// what is stored, so that a restart goes on where the last chunk ended. Meanwhile nothing else is appended for the partner; records that
/// were written in the meantime are judged at the end.
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
    /// <param name="node">The sweeps as they were just read.</param>
    /// <param name="targetN">The change number up to which the ledger has to be in step at the end.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<bool> StepAsync(NodeSnapshot node, long targetN, CancellationToken cancellationToken)
    {
        var sweeps = node.Sweeps.Where(s => roster.Current.Find(s.Partner) is { Share: true }).ToList();
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
        var progress = sweep with { Position = exhausted ? 0 : chunk[^1], HeldDone = sweep.HeldDone || exhausted };
        await RunAsync(sweep.Partner, chunk, progress, cancellationToken);
        done += chunk.Count;
        selectedFor = done == selected.Count ? null : progress;
        if (!sweep.HeldDone || !exhausted)
            return true;
        await CatchUpAsync(progress, targetN, cancellationToken);
        appender.SavePositionSoon();
        LedgerLog.Swept(logger, sweep.Partner, sweep.Epoch);
        return sweeps.Count > 1;
    }

    /// <summary>Forgets what was selected; to be called when the appender was reset.</summary>
    public void Reset() => selectedFor = null;

    // While the sweep went on, changes of records were not judged for its partner.
    private async Task CatchUpAsync(SweepProgress sweep, long targetN, CancellationToken cancellationToken)
    {
        for (var after = sweep.FromN; after < targetN;)
        {
            var pending = await store.ReadPendingAsync(after, targetN, null, [], cancellationToken);
            foreach (var chunk in pending.Recs.Chunk(ChunkSize))
                await RunAsync(sweep.Partner, chunk, sweep, cancellationToken);
            after = pending.UpToN;
        }

        await RunAsync(sweep.Partner, [], sweep with { Done = true }, cancellationToken);
    }

    private Task<ReconcileSnapshot> RunAsync(int partner, IReadOnlyList<long> recs, SweepProgress progress, CancellationToken cancellationToken)
    {
        var request = new ReconcileRequest { Scope = ReconcileScope.Listed, Partner = partner, Recs = recs, Limit = ChunkSize };
        return appender.RunAsync(request, new AppendProgress { Sweep = progress }, cancellationToken);
    }

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
