using Federation.Node.Ledger;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Node;

namespace Federation.Node.Operations;

/// <summary>
/// Finds what a changed partner would get and lose: the same selection of what the change can concern, the same reconciliation as a sweep
/// would make, and nothing written. What it finds is what the sweep appends, unless a record changes or an embargo ends meanwhile.
/// </summary>
internal sealed class SharingPreview(INodeStore store, ReleaseClock clock)
{
    private const int ChunkSize = 1000;
    private const int SelectionSize = 500_000;

    // A change that concerns more than this many own records, or more than one in a hundred, wants to be confirmed.
    private const long FreelyChanged = 1000;
    private const long FreelyChangedOneIn = 100;

    private readonly SweepScope scope = new(store);

    /// <summary>Counts what would change; with a limit it may stop once that is exceeded.</summary>
    public async Task<DisclosureCounts> CountAsync(Partners.Partner now, Partners.Partner then, long stopAbove, CancellationToken cancellationToken)
    {
        var own = await CountOwnAsync(cancellationToken);
        var counts = new DisclosureCounts { OwnRecords = (ulong)own };
        await foreach (var (_, planned, _, _) in ReadAsync(now, then, null, cancellationToken))
        {
            Count(counts, planned);
            if (Sum(counts) > stopAbove)
                break;
        }

        counts.ConfirmationRequired = Sum(counts) > Free(own);
        return counts;
    }

    /// <summary>The number of changes above which one has to be confirmed.</summary>
    public async Task<long> FreeAsync(CancellationToken cancellationToken) => Free(await CountOwnAsync(cancellationToken));

    /// <summary>The number of changes above which one has to be confirmed, of so many own records: one in a hundred, and never more than 1,000.</summary>
    public static long Free(long own) => Math.Min(FreelyChanged, own / FreelyChangedOneIn);

    /// <summary>A page of changes after a public id, and the id to go on after; null once nothing is left.</summary>
    public async Task<(IReadOnlyList<DisclosureChange> Changes, RecordId? Next)> PageAsync(
        Partners.Partner now, Partners.Partner then, RecordId? after, int limit, CancellationToken cancellationToken)
    {
        var changes = new List<DisclosureChange>();
        var last = after;
        await foreach (var (candidate, planned, targets, nowMs) in ReadAsync(now, then, after, cancellationToken))
        {
            if (changes.Count == limit)
                return (changes, last);
            changes.Add(ChangeText.Describe(now, then, candidate, planned, new RecordJudge(targets, nowMs)));
            last = candidate.Record.Name.Id;
        }

        return (changes, null);
    }

    /// <summary>How many records a count names.</summary>
    public static long Sum(DisclosureCounts counts) => (long)(counts.Sent + counts.Revised + counts.Withdrawn);

    private async IAsyncEnumerable<(ReconcileCandidate, PlannedEntry, IReadOnlyDictionary<RecordName, IReadOnlyList<ReferenceTarget>>, long)> ReadAsync(
        Partners.Partner now, Partners.Partner then, RecordId? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pending = (await store.ReadNodeAsync(cancellationToken)).Sweeps.FirstOrDefault(sweep => sweep.Partner == now.Number);
        var selection = await scope.OfChangeAsync(now, pending, then.Recipient, then.Policy, cancellationToken);
        IReadOnlyList<SelectedRecord> found;
        do
        {
            var request = new SelectionRequest { Selection = selection, WithReferrers = true, After = after, Limit = SelectionSize };
            found = await store.SelectRecordsAsync(request, cancellationToken);
            foreach (var chunk in found.Chunk(ChunkSize))
            {
                var snapshot = await store.ReadReconcileAsync(now.Number, [.. chunk.Select(record => record.Rec)], cancellationToken);
                var nowMs = clock.NowMs;
                var planned = new Reconciler([then], null, nowMs).Plan(snapshot).Entries.GetValueOrDefault(now.Number) ?? [];
                var byRec = planned.Where(entry => entry.Operation != (byte)LedgerOperation.Erase).ToDictionary(entry => entry.Rec);
                foreach (var candidate in snapshot.Candidates)
                {
                    if (byRec.TryGetValue(candidate.Record.Rec, out var entry))
                        yield return (candidate, entry, snapshot.Targets, nowMs);
                }
            }

            after = found.Count == 0 ? after : found[^1].Id;
        }
        while (found.Count == SelectionSize);
    }

    private static void Count(DisclosureCounts counts, PlannedEntry planned)
    {
        if (planned.Operation == (byte)LedgerOperation.Withdraw)
            counts.Withdrawn++;
        else if (planned.Previous is { Operation: (byte)LedgerOperation.Disclose })
            counts.Revised++;
        else
            counts.Sent++;
    }

    private async Task<long> CountOwnAsync(CancellationToken cancellationToken) =>
        (await store.CountRecordsAsync(cancellationToken)).Where(c => c.Source == 0 && c.Status is RecordStatus.Live or RecordStatus.Draft).Sum(c => c.Count);
}
