using Federation.Node.Partners;
using Federation.Node.Storage;

namespace Federation.Node.Ledger;

/// <summary>
/// Judges what waits at one moment, and appends what follows from it: (1) plans every record, (2) plans the records that refer to one which
/// comes into a partner's sight or goes out of it, (3) puts the entries of each partner in order, (4) appends them, a bounded number a
/// transaction. Such records are noted with the first transaction and forgotten with the last, which also moves the position: a round
/// that is cut or refused in between begins again, and judges their referrers again whether it still finds that they flip or not.
/// </summary>
internal sealed class ReconcileRound(
    INodeStore store, RosterSource roster, JudgedPartners judged, LedgerAppender appender, NodeIdentity identity, ReleaseClock clock, ILogger logger)
{
    private const int ChunkSize = 2000;

    // Of all partners together, in one transaction: publishers wait for it.
    private const int MostEntries = 10_000;

    /// <summary>Carries out a round; false if the store refused a part of it, since something changed meanwhile: read again what waits.</summary>
    public async Task<bool> RunAsync(RoundWork work, CancellationToken cancellationToken)
    {
        var partners = await judged.OfAsync(work.Sweep, cancellationToken);
        var nowMs = clock.NowMs;
        var (plan, noted, progress) = await PlanAsync(partners, nowMs, work, cancellationToken);
        if (await AppendAsync(partners, nowMs, plan, noted, progress, cancellationToken))
            return true;
        await RecoverAsync(cancellationToken);
        return false;
    }

    // What was judged by an older state is read again, and what was extended by it is dropped.
    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        LedgerLog.Refused(logger);
        await roster.ReloadAsync(cancellationToken);
        var node = await store.ReadNodeAsync(cancellationToken);
        appender.Reset(node);
        judged.Look(node);
    }

    private async Task<(ReconcilePlan Plan, IReadOnlyList<(int Partner, long Target)> Noted, AppendProgress Progress)> PlanAsync(
        List<Partner> partners, long nowMs, RoundWork work, CancellationToken cancellationToken)
    {
        var plan = new ReconcilePlan();
        var reconciler = new Reconciler(partners, identity.StatementKey, nowMs) { Held = work.Held };
        await PlanAsync(reconciler, plan, work, work.Recs, cancellationToken);
        var progress = work.Progress.Of(partners.ConvertAll(partner => partner.Number));
        var flips = plan.Flips().ToList();
        List<(int Partner, long Target)> noted = flips.ConvertAll(flip => (flip.Partner, flip.Target));
        if (!work.LeavesReferrers)
        {
            var seen = work.Recs.ToHashSet();
            var referrers = await ReadReferrersAsync(noted.Concat(progress.FlipsDone).Select(flip => flip.Target), cancellationToken);
            await PlanAsync(reconciler, plan, work, [.. referrers.Select(pair => pair.Rec).Where(seen.Add)], cancellationToken);
            var targets = referrers.Select(pair => pair.Target).ToHashSet();
            noted.RemoveAll(flip => !targets.Contains(flip.Target));
            // What refers to a record that changed after the first reading may have been judged by what it was before.
            var late = flips.Where(flip => flip.ChangedN > plan.AsOfN).Select(flip => (flip.Partner, flip.Target)).ToHashSet();
            progress = progress with { FlipsDone = [.. progress.FlipsDone.Concat(noted).Where(flip => !late.Contains(flip)).Distinct()] };
        }

        plan.Sort();
        return (plan, noted, progress);
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

    private async Task<bool> AppendAsync(
        List<Partner> partners, long nowMs, ReconcilePlan plan, IReadOnlyList<(int Partner, long Target)> noted, AppendProgress progress,
        CancellationToken cancellationToken)
    {
        var size = Math.Clamp(MostEntries / Math.Max(1, plan.Entries.Count), 1, ChunkSize);
        var longest = plan.Entries.Values.Select(entries => entries.Count).DefaultIfEmpty().Max();
        for (var from = 0; ; from += size)
        {
            var isLast = from + size >= longest;
            var step = new AppendStep
            {
                Entries = [.. plan.Entries
                    .Where(e => e.Value.Count > from)
                    .Select(e => (partners.Find(partner => partner.Number == e.Key)!, e.Value.GetRange(from, Math.Min(size, e.Value.Count - from))))],
                Signatures = plan.Signatures,
                TimersSet = isLast ? plan.TimersSet : [],
                NowMs = nowMs,
                FlipsNoted = from == 0 ? noted : [],
                Progress = isLast ? progress : AppendProgress.None,
            };
            if (!await appender.AppendAsync(step, cancellationToken))
                return false;
            if (isLast)
                return true;
        }
    }
}
