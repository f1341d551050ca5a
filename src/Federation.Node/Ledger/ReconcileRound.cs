using Federation.Node.Partners;
using Federation.Node.Storage;

namespace Federation.Node.Ledger;

/// <summary>
/// Judges what waits at one moment, and appends what follows from it: (1) plans every record, (2) plans the records that refer to one which
/// comes into a partner's sight or goes out of it, (3) puts the entries of each partner in order, (4) appends them, a bounded number a
/// transaction. A round that the store refuses begins again; what it had appended by then it finds done. So does one after a restart: the
/// position moves with the last transaction only.
/// </summary>
internal sealed class ReconcileRound(INodeStore store, LedgerAppender appender, NodeIdentity identity, ReleaseClock clock)
{
    private const int ChunkSize = 2000;

    /// <summary>Carries out a round; false if the sweep that it is part of is not under way any more.</summary>
    public async Task<bool> RunAsync(RoundWork work, CancellationToken cancellationToken)
    {
        while (true)
        {
            var partners = await appender.PartnersAsync(work.Sweep, cancellationToken);
            var nowMs = clock.NowMs;
            var planned = await PlanAsync(partners, nowMs, work, cancellationToken);
            if (await AppendAsync(partners, nowMs, planned.Plan, work with { Progress = planned.Progress }, cancellationToken))
                return true;
            await appender.RecoverAsync(cancellationToken);
            if (work.Sweep is { } sweep && !appender.IsPending(sweep))
                return false;
        }
    }

    private async Task<(ReconcilePlan Plan, AppendProgress Progress)> PlanAsync(
        List<Partner> partners, long nowMs, RoundWork work, CancellationToken cancellationToken)
    {
        var plan = new ReconcilePlan();
        var reconciler = new Reconciler(partners, identity.StatementKey, nowMs);
        await PlanAsync(reconciler, plan, work, work.Recs, cancellationToken);
        var progress = work.Progress.Of(partners.ConvertAll(partner => partner.Number));
        if (!work.HasReferrers)
        {
            var flips = plan.Flips().Concat(progress.FlipsDone).ToHashSet();
            var referrers = await ReadReferrersAsync(flips.Select(flip => flip.Target), cancellationToken);
            var judged = work.Recs.ToHashSet();
            await PlanAsync(reconciler, plan, work, [.. referrers.Select(pair => pair.Rec).Where(judged.Add)], cancellationToken);
            var targets = referrers.Select(pair => pair.Target).ToHashSet();
            progress = progress with { FlipsDone = [.. progress.FlipsDone.Concat(flips.Where(flip => targets.Contains(flip.Target))).Distinct().Order()] };
        }

        plan.Sort();
        return (plan, progress);
    }

    private async Task PlanAsync(Reconciler reconciler, ReconcilePlan plan, RoundWork work, IReadOnlyList<long> recs, CancellationToken cancellationToken)
    {
        foreach (var chunk in recs.Chunk(ChunkSize))
            reconciler.AddTo(plan, await store.ReadReconcileAsync(work.Sweep?.Partner ?? 0, chunk, cancellationToken));
    }

    private async Task<List<(long Target, long Rec)>> ReadReferrersAsync(IEnumerable<long> targets, CancellationToken cancellationToken)
    {
        var referrers = new List<(long Target, long Rec)>();
        foreach (var chunk in targets.Distinct().Order().Chunk(ChunkSize))
            referrers.AddRange(await store.ReadReferrersAsync(chunk, cancellationToken));
        return referrers;
    }

    private async Task<bool> AppendAsync(List<Partner> partners, long nowMs, ReconcilePlan plan, RoundWork work, CancellationToken cancellationToken)
    {
        var longest = plan.Entries.Values.Select(entries => entries.Count).DefaultIfEmpty().Max();
        for (var from = 0; ; from += ChunkSize)
        {
            var isLast = from + ChunkSize >= longest;
            var step = new AppendStep
            {
                Entries = [.. plan.Entries
                    .Where(e => e.Value.Count > from)
                    .Select(e => (partners.Find(partner => partner.Number == e.Key)!, e.Value.GetRange(from, Math.Min(ChunkSize, e.Value.Count - from))))],
                Signatures = plan.Signatures,
                TimersSet = isLast ? plan.TimersSet : [],
                NowMs = nowMs,
                NotesFlips = !work.HasReferrers,
                Progress = isLast ? work.Progress : AppendProgress.None,
            };
            if (!await appender.AppendAsync(step, cancellationToken))
                return false;
            if (isLast)
                return true;
        }
    }
}
