using Federation.Node.Partners;
using Federation.Node.Storage;

namespace Federation.Node.Ledger;

/// <summary>
/// Carries out one request of the discloser: read a snapshot, plan, extend the trees, append. It owns the growing ends of all trees.
/// </summary>
internal sealed class LedgerAppender(INodeStore store, RosterSource roster, NodeIdentity identity, ReleaseClock clock, ILogger logger)
{
    private const int SavePositionEvery = 1000;

    private readonly SortedDictionary<int, LedgerTree> trees = [];
    private readonly HashSet<int> forked = [];
    private long savedPosition;

    /// <summary>The size of each ledger that has been loaded.</summary>
    public SortedDictionary<int, ulong> Sizes { get; } = [];

    /// <summary>Takes over the stored sizes; what was loaded before is dropped.</summary>
    public void Reset(NodeSnapshot snapshot)
    {
        trees.Clear();
        Sizes.Clear();
        forked.Clear();
        savedPosition = snapshot.SequencerPosition;
        foreach (var head in snapshot.Ledgers)
        {
            Sizes[head.Partner] = head.Size;
            if (head.Forked)
                forked.Add(head.Partner);
        }
    }

    /// <summary>Carries out a request until the store accepts what was judged.</summary>
    public async Task<ReconcileSnapshot> RunAsync(ReconcileRequest request, SweepProgress? sweep, CancellationToken cancellationToken)
    {
        while (true)
        {
            var partners = roster.Current.Partners.Where(p => p.Share && !forked.Contains(p.Number) && (sweep is null || p.Number == sweep.Partner)).ToList();
            var snapshot = await store.ReadReconcileAsync(request, cancellationToken);
            var nowMs = clock.NowMs;
            var plan = new Reconciler(partners, identity.StatementKey, nowMs).Plan(snapshot);
            var batch = await BuildAsync(partners, plan, request, snapshot, sweep, nowMs, cancellationToken);
            if (batch is null || await store.AppendDisclosuresAsync(batch, cancellationToken))
            {
                Commit(batch);
                return snapshot;
            }

            LedgerLog.Refused(logger);
            await roster.ReloadAsync(cancellationToken);
            Reset(await store.ReadNodeAsync(cancellationToken));
            if (sweep is not null && !await IsPendingAsync(sweep, cancellationToken))
                return snapshot;
        }
    }

    private async Task<bool> IsPendingAsync(SweepProgress sweep, CancellationToken cancellationToken)
    {
        var node = await store.ReadNodeAsync(cancellationToken);
        return node.Sweeps.Any(s => s.Partner == sweep.Partner && s.Epoch == sweep.Epoch && s.Membership == sweep.Membership);
    }

    private async Task<DisclosureBatch?> BuildAsync(
        List<Partner> partners, ReconcilePlan plan, ReconcileRequest request, ReconcileSnapshot snapshot, SweepProgress? sweep,
        long nowMs, CancellationToken cancellationToken)
    {
        var position = request.Scope == ReconcileScope.Changed ? snapshot.Position : (long?)null;
        var nothing = plan.Entries.Count == 0 && plan.TimersSet.Count == 0 && plan.TimersCleared.Count == 0;
        // A position is worth a commit of its own only now and then: judging the same records again changes nothing.
        if (nothing && sweep is null && snapshot.Flip is null && (position is null || position - savedPosition < SavePositionEvery))
            return null;
        var appends = new List<PartnerAppend>();
        foreach (var (number, planned) in plan.Entries)
            appends.Add(await ExtendAsync(partners.First(p => p.Number == number), planned, snapshot.AsOfN, nowMs, cancellationToken));
        return new DisclosureBatch
        {
            Appends = appends,
            Judged = [.. plan.Judged.Select(j => (j.Key, j.Value))],
            ViewSignatures = [.. plan.Signatures.Values],
            TimersSet = plan.TimersSet,
            TimersCleared = plan.TimersCleared,
            Position = position,
            ReleasedToMs = nowMs,
            Flip = snapshot.Flip,
            Sweep = sweep,
        };
    }

    private async Task<PartnerAppend> ExtendAsync(
        Partner partner, List<PlannedEntry> planned, long asOfN, long nowMs, CancellationToken cancellationToken)
    {
        if (!trees.TryGetValue(partner.Number, out var tree))
        {
            var node = await store.ReadNodeAsync(cancellationToken);
            tree = await LedgerTree.LoadAsync(store, node.Ledgers.First(h => h.Partner == partner.Number), cancellationToken);
            trees.Add(partner.Number, tree);
        }

        var entries = new List<LedgerEntry>(planned.Count);
        foreach (var plan in planned)
        {
            var entry = new LedgerEntry(tree.Size, plan.Operation, plan.Rec, plan.Vrev, plan.StatementHash);
            tree.Append(plan.Name, entry, plan.Previous);
            entries.Add(entry);
        }

        var context = new DecisionContext(partner.PolicyEpoch, partner.Membership, asOfN, nowMs);
        return tree.ToAppend(context, entries, planned.ConvertAll(plan => plan.Decision));
    }

    private void Commit(DisclosureBatch? batch)
    {
        if (batch is null)
            return;
        savedPosition = batch.Position ?? savedPosition;
        var entries = 0;
        foreach (var append in batch.Appends)
        {
            trees[append.Partner].Committed();
            Sizes[append.Partner] = trees[append.Partner].Size;
            entries += append.Entries.Count;
        }

        if (entries > 0)
            LedgerLog.Appended(logger, entries, batch.Appends.Count);
    }
}
