using Federation.Node.Partners;
using Federation.Node.Storage;

namespace Federation.Node.Ledger;

/// <summary>
/// Brings partners' ledgers in step with a changed policy or membership, a chunk at a time: first what the partner holds and may have to
/// give back, then what it may come to hold, and with either whatever else waits for the partner. Progress is stored with the entries of
/// each chunk; which records are looked at follows from what is stored, so that a restart goes on where the last chunk ended. Meanwhile
/// nothing else is appended for the partner; records that were written in the meantime are judged at the end. What refers to a record that
/// comes into sight is selected with it; since it may have been judged before that record changed, it is judged once more after the sweep.
/// </summary>
internal sealed class Sweeper(INodeStore store, RosterSource roster, LedgerAppender appender, ReconcileRound round, ReleaseClock clock, ILogger logger)
{
    private const int ChunkSize = 2000;
    private const int SelectionSize = 500_000;

    private readonly SweepScope scope = new(store);

    // The records selected for a stretch of one sweep, and how many of them are done.
    private SweepProgress? selectedFor;
    private IReadOnlyList<SelectedRecord> selected = [];
    private bool selectedAll;
    private int done;

    // The sweep that this life of the process began last, and the change number after which it may have passed changes by.
    private (int Partner, long Epoch, long Membership, long FromN) begun;

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
        if (roster.Current.Find(sweep.Partner) is not { } partner || partner.PolicyEpoch != sweep.Epoch || partner.Membership != sweep.Membership
            || partner.Community != node.Community)
        {
            await roster.ReloadAsync(cancellationToken);
            return true;
        }

        if (selectedFor != sweep)
            await SelectAsync(partner, sweep, targetN, cancellationToken);
        var chunk = selected.Skip(done).Take(ChunkSize).ToList();
        // Progress is an id, and two institutes may give the same one, by intention.
        for (var next = done + chunk.Count; chunk.Count > 0 && next < selected.Count && selected[next].Id == chunk[^1].Id; next++)
            chunk.Add(selected[next]);
        var exhausted = selectedAll && done + chunk.Count == selected.Count;
        var progress = sweep with { Position = exhausted ? null : chunk[^1].Id, HeldDone = sweep.HeldDone || exhausted };
        var work = new RoundWork { Recs = chunk.ConvertAll(found => found.Rec), Sweep = sweep, LeavesReferrers = true, Progress = new AppendProgress { Sweep = progress } };
        if (!await round.RunAsync(work, cancellationToken))
            return true;
        done += chunk.Count;
        selectedFor = done == selected.Count ? null : progress;
        if (!sweep.HeldDone || !exhausted)
            return true;
        if (!await CatchUpAsync(progress, targetN, cancellationToken))
            return true;
        appender.SavePositionSoon();
        LedgerLog.Swept(logger, sweep.Partner, sweep.Epoch);
        return sweeps.Count > 1;
    }

    /// <summary>Forgets what was selected; to be called when the appender was reset.</summary>
    public void Reset() => selectedFor = null;

    // While the sweep went on, changes of records were not judged for its partner.
    private async Task<bool> CatchUpAsync(SweepProgress sweep, long targetN, CancellationToken cancellationToken)
    {
        for (var after = HasBegun(sweep) ? begun.FromN : sweep.FromN; after < targetN;)
        {
            var pending = await store.ReadPendingAsync(after, targetN, 0, [], cancellationToken);
            var work = new RoundWork { Recs = pending.Recs, Sweep = sweep, Progress = AppendProgress.None };
            if (!await round.RunAsync(work, cancellationToken))
                return false;
            after = pending.UpToN;
        }

        var end = new RoundWork { Recs = [], Sweep = sweep, Progress = new AppendProgress { Sweep = sweep with { Done = true } } };
        return await round.RunAsync(end, cancellationToken);
    }

    private bool HasBegun(SweepProgress sweep) => (begun.Partner, begun.Epoch, begun.Membership) == (sweep.Partner, sweep.Epoch, sweep.Membership);

    private async Task SelectAsync(Partner partner, SweepProgress sweep, long targetN, CancellationToken cancellationToken)
    {
        if (sweep is { Position: null, HeldDone: false })
            begun = (sweep.Partner, sweep.Epoch, sweep.Membership, targetN);
        var request = new SelectionRequest
        {
            Selection = await scope.OfAsync(partner, sweep, cancellationToken),
            ChangedAfterN = sweep.FromN,
            DueMs = clock.NowMs,
            WithReferrers = true,
            Onward = sweep.Onward > 0,
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
