using Federation.Node.Partners;
using Federation.Node.Storage;

namespace Federation.Node.Ledger;

/// <summary>Appends planned entries: extends the trees and has the store commit them. It owns the growing ends of all trees.</summary>
internal sealed class LedgerAppender(INodeStore store, LedgerAudits audits, TimeProvider time, ILogger logger)
{
    private const int SavePositionEvery = 1000;

    private readonly SortedDictionary<int, LedgerTree> trees = [];
    private readonly SortedDictionary<int, ulong> sizes = [];
    private readonly SortedDictionary<int, long> terms = [];

    private long savedPosition;

    /// <summary>Takes over the stored sizes; what was loaded before is dropped.</summary>
    public void Reset(NodeSnapshot snapshot)
    {
        trees.Clear();
        sizes.Clear();
        terms.Clear();
        savedPosition = snapshot.SequencerPosition;
        foreach (var head in snapshot.Ledgers)
            (sizes[head.Partner], terms[head.Partner]) = (head.Size, head.Term);
    }

    /// <summary>The partners whose ledgers were got back, or began anew, since the sizes were taken over: everything is to be taken over again.</summary>
    public IReadOnlyList<int> MovedIn(NodeSnapshot snapshot) =>
        [.. snapshot.Ledgers.Where(head => terms.TryGetValue(head.Partner, out var term) && term != head.Term).Select(head => head.Partner)];

    /// <summary>Has the position saved with the next step, whatever that finds: a sweep has dealt with changes that nobody judges again.</summary>
    public void SavePositionSoon() => savedPosition = -SavePositionEvery;

    /// <summary>Whether the position is to be saved with the next step.</summary>
    public bool WantsPosition => savedPosition < 0;

    /// <summary>The size of each ledger.</summary>
    public IReadOnlyDictionary<int, ulong> Sizes => sizes;

    /// <summary>Appends what a step holds; false if it was judged by an older state, or a ledger had to be stopped: plan again.</summary>
    public async Task<bool> AppendAsync(AppendStep step, CancellationToken cancellationToken)
    {
        var progress = step.Progress;
        // A position is worth a commit of its own only now and then: judging the same records again changes nothing.
        if (step.Entries.Count + step.TimersSet.Count + step.FlipsNoted.Count + progress.TimersCleared.Count + progress.FlipsDone.Count == 0
            && progress.Sweep is null && !(progress.Position - savedPosition >= SavePositionEvery))
            return true;
        var appends = new List<PartnerAppend>();
        foreach (var (partner, planned) in step.Entries)
        {
            if (await FindTreeAsync(partner.Number, cancellationToken) is not { } tree)
                return false;
            appends.Add(Extend(tree, partner, planned, step.NowMs));
        }

        var entries = step.Entries.SelectMany(e => e.Entries).ToList();
        var batch = new DisclosureBatch
        {
            Appends = appends,
            Judged = [.. entries.Select(entry => (entry.Rec, entry.ChangedN)).Distinct()],
            ViewSignatures = [.. entries.Select(entry => entry.StatementHash).Where(step.Signatures.ContainsKey).Distinct().Select(hash => step.Signatures[hash])],
            TimersSet = step.TimersSet,
            TimersCleared = progress.TimersCleared,
            Position = progress.Position,
            ReleasedToMs = step.NowMs,
            WrittenMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
            FlipsNoted = step.FlipsNoted,
            FlipsDone = progress.FlipsDone,
            Sweep = progress.Sweep,
        };
        if (!await store.AppendDisclosuresAsync(batch, cancellationToken))
            return false;
        savedPosition = progress.Position ?? savedPosition;
        foreach (var append in appends)
        {
            trees[append.Partner].Committed();
            sizes[append.Partner] = trees[append.Partner].Size;
        }

        if (entries.Count > 0)
            LedgerLog.Appended(logger, entries.Count, appends.Count);
        return true;
    }

    // Null if what is stored of the ledger does not fit together: it is stopped then, unless it was got back or begun anew between two readings.
    private async Task<LedgerTree?> FindTreeAsync(int partner, CancellationToken cancellationToken)
    {
        if (trees.TryGetValue(partner, out var known))
            return known;
        var head = (await store.ReadHeadAsync(partner, cancellationToken))!;
        try
        {
            return trees[partner] = await LedgerTree.LoadAsync(store, head, cancellationToken);
        }
        catch (LedgerDamagedException damage)
        {
            await audits.StopAsync(head, LedgerAudits.Unreadable, damage.Message, cancellationToken);
            return null;
        }
    }

    private static PartnerAppend Extend(LedgerTree tree, Partner partner, List<PlannedEntry> planned, long nowMs)
    {
        var entries = new List<LedgerEntry>(planned.Count);
        foreach (var plan in planned)
        {
            var entry = new LedgerEntry(tree.Size, plan.Operation, plan.Rec, plan.Vrev, plan.StatementHash, plan.Opened);
            tree.Append(plan.Name, entry, plan.Previous);
            entries.Add(entry);
        }

        return tree.ToAppend(new DecisionContext(partner.PolicyEpoch, partner.Membership, nowMs, partner.Community), entries, planned.ConvertAll(plan => plan.Decision));
    }
}
