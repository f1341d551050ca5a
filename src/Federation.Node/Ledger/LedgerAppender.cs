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

    // The partners and sweeps as they were read last; a roster that is newer makes them be read again.
    private NodeSnapshot node = null!;
    private long savedPosition;

    /// <summary>The size of each ledger that has been loaded.</summary>
    public SortedDictionary<int, ulong> Sizes { get; } = [];

    /// <summary>Takes over the stored sizes; what was loaded before is dropped.</summary>
    public void Reset(NodeSnapshot snapshot)
    {
        trees.Clear();
        Sizes.Clear();
        savedPosition = snapshot.SequencerPosition;
        node = snapshot;
        foreach (var head in snapshot.Ledgers)
            Sizes[head.Partner] = head.Size;
    }

    /// <summary>Has the position saved with the next step, whatever that finds: a sweep has dealt with changes that nobody judges again.</summary>
    public void SavePositionSoon() => savedPosition = -SavePositionEvery;

    /// <summary>Whether the position is to be saved with the next step.</summary>
    public bool WantsPosition => savedPosition < 0;

    /// <summary>Takes over which sweeps are under way.</summary>
    public void Look(NodeSnapshot snapshot) => node = snapshot;

    /// <summary>
    /// Carries out a request until the store accepts what was judged. Partners with a sweep under way are left to the sweep: what others
    /// append for them in between would stand in an order that depends on what they do not see.
    /// </summary>
    /// <param name="request">The records to judge.</param>
    /// <param name="progress">What is to be noted with the entries.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<ReconcileSnapshot> RunAsync(ReconcileRequest request, AppendProgress progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            var partners = await PartnersAsync(progress.Sweep, cancellationToken);
            var snapshot = await store.ReadReconcileAsync(request, cancellationToken);
            var nowMs = clock.NowMs;
            var plan = new Reconciler(partners, identity.StatementKey, nowMs).Plan(snapshot);
            var batch = await BuildAsync(partners, plan, snapshot, progress, nowMs, cancellationToken);
            if (batch is null || await store.AppendDisclosuresAsync(batch, cancellationToken))
            {
                Commit(batch);
                return snapshot;
            }

            LedgerLog.Refused(logger);
            await roster.ReloadAsync(cancellationToken);
            Reset(await store.ReadNodeAsync(cancellationToken));
            if (progress.Sweep is { } sweep && !IsPending(sweep))
                return snapshot;
        }
    }

    private async Task<List<Partner>> PartnersAsync(SweepProgress? sweep, CancellationToken cancellationToken)
    {
        var partners = roster.Current.Partners.Where(partner => partner.Share).ToList();
        if (partners.Exists(partner => !IsKnown(partner)))
            node = await store.ReadNodeAsync(cancellationToken);
        partners.RemoveAll(partner => node.Ledgers.Any(head => head.Partner == partner.Number && head.Forked)
            || (sweep is null ? node.Sweeps.Any(s => s.Partner == partner.Number) : sweep.Partner != partner.Number));
        return partners;
    }

    private bool IsKnown(Partner partner) => node.Partners.Any(stored =>
        stored.Number == partner.Number && stored.Share && stored.PolicyEpoch == partner.PolicyEpoch && stored.Membership == partner.Membership);

    private bool IsPending(SweepProgress sweep) =>
        node.Sweeps.Any(s => s.Partner == sweep.Partner && s.Epoch == sweep.Epoch && s.Membership == sweep.Membership);

    private async Task<DisclosureBatch?> BuildAsync(
        List<Partner> partners, ReconcilePlan plan, ReconcileSnapshot snapshot, AppendProgress progress, long nowMs, CancellationToken cancellationToken)
    {
        // What waits for a partner that was not asked about, because a sweep has begun, waits for its end.
        var cleared = progress.TimersCleared.Where(timer => partners.Exists(partner => partner.Number == timer.Partner)).ToList();
        var nothing = plan.Entries.Count == 0 && plan.TimersSet.Count == 0 && plan.TimersCleared.Count + cleared.Count == 0;
        // A position is worth a commit of its own only now and then: judging the same records again changes nothing.
        var flip = snapshot.Flip is { } found && node.Sweeps.Any(sweep => sweep.Partner == found.Partner) ? null : snapshot.Flip;
        if (nothing && progress.Sweep is null && flip is null && !(progress.Position - savedPosition >= SavePositionEvery))
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
            TimersCleared = [.. plan.TimersCleared, .. cleared],
            Position = progress.Position,
            ReleasedToMs = nowMs,
            Flip = flip,
            Sweep = progress.Sweep,
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
