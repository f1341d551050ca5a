using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Exchange;

/// <summary>
/// Prepares what is written when a ledger is got back. What the partner holds stands: where this node's own copy says something else, it may
/// be older, and is told to nobody until its publisher writes the record again; a record that is not known any more comes back as a draft.
/// </summary>
internal sealed class RecoveryPlan(RecoveryNeeds needs, Partner partner)
{
    private const int PerReading = 256;

    /// <summary>Prepares the transaction.</summary>
    public async Task<LedgerRecovery> PrepareAsync(LedgerHead ledger, RewindOutcome outcome, EchoedLedger echoed, CancellationToken cancellationToken)
    {
        var nowMs = needs.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var entries = outcome.Items.Select(EntryOf).ToList();
        var first = new Dictionary<RecordName, ulong>();
        var last = new Dictionary<RecordName, RecoveredEntry>();
        foreach (var entry in entries.Where(entry => entry.Name is not null))
        {
            if (entry.Operation == (byte)LedgerOperation.Disclose)
                first.TryAdd(entry.Name!.Value, entry.Seq);
            last[entry.Name!.Value] = entry;
        }

        var before = outcome.Dropped.ToDictionary(dropped => dropped.Rec, dropped => dropped.Before);
        var latest = new List<RecoveredRecord>(last.Count);
        foreach (var chunk in last.Values.OrderBy(entry => entry.Seq).Chunk(PerReading))
        {
            var known = await needs.Store.ReadNamedAsync(partner.Number, [.. chunk.Select(entry => entry.Name!.Value)], cancellationToken);
            var same = await FindSameAsync(chunk, known, cancellationToken);
            for (var i = 0; i < chunk.Length; i++)
            {
                var entry = chunk[i];
                var row = known[i] is not { } own ? null : before.TryGetValue(own.Record.Rec, out var kept) ? kept : own.Disclosed is [var stored] ? stored : (DisclosedRow?)null;
                var firstSeq = row is { NeverSent: false } disclosed ? disclosed.FirstSeq : first.GetValueOrDefault(entry.Name!.Value, entry.Seq);
                latest.Add(Judge(entry, firstSeq, known[i]?.Record, same.Contains(entry.Seq), echoed, nowMs));
            }
        }

        var end = outcome.End!;
        return new LedgerRecovery
        {
            Partner = partner.Number,
            ExpectedSize = ledger.Size,
            ExpectedTerm = ledger.Term,
            From = outcome.From,
            Dropped = outcome.Dropped,
            Entries = entries,
            Latest = latest,
            Size = outcome.Items.Count > 0 ? outcome.Items[^1].End : outcome.From,
            Range = end.Range,
            LiveCount = end.LiveCount,
            Buckets = end.Buckets,
            Tiles = end.Tiles,
            StaleUpToN = ledger.StaleUpToN,
            NowMs = nowMs,
        };
    }

    private static RecoveredEntry EntryOf(EchoedItem item) => item.Leaf is { } leaf
        ? new RecoveredEntry(item.Seq, (byte)leaf.Operation, new RecordName(leaf.Origin, leaf.Record), leaf.Vrev, leaf.StatementHash)
        : new RecoveredEntry(item.Seq, 0, null, 0, item.Hash, item.Level);

    private RecoveredRecord Judge(RecoveredEntry entry, ulong firstSeq, StoredRecord? own, bool same, EchoedLedger echoed, long nowMs)
    {
        var name = entry.Name!.Value;
        var content = !same && echoed.ContentOf(name) is { } sent && sent.Seq == entry.Seq ? RestoredContent.TryRead(sent) : null;
        var unknown = own is null or { Status: RecordStatus.Removed };
        return new RecoveredRecord
        {
            Entry = entry,
            FirstSeq = firstSeq,
            Stands = !same,
            HeldShape = content?.Shape.Encode(),
            References = content?.References ?? [],
            Restored = unknown ? content?.ToDraft(name, own?.Version ?? 0, partner.Institute, needs.Entropy, nowMs) : null,
        };
    }

    // The entries that say what this node would say: nothing of these records was lost, as far as this partner may see.
    private async Task<HashSet<ulong>> FindSameAsync(
        IReadOnlyList<RecoveredEntry> entries, IReadOnlyList<ReconcileCandidate?> known, CancellationToken cancellationToken)
    {
        var recs = known.Where(own => own is not null).Select(own => own!.Record.Rec).ToList();
        var snapshot = await needs.Store.ReadReconcileAsync(partner.Number, recs, cancellationToken);
        var judge = new RecordJudge(snapshot.Targets, needs.Clock.NowMs);
        var views = new Dictionary<RecordName, Digest>();
        foreach (var candidate in snapshot.Candidates)
        {
            if (JudgedRecord.From(candidate.Record) is not { } judged)
                continue;
            var decision = judge.Judge(partner, judged);
            if (decision.Visible)
                views[candidate.Record.Name] = View.Of(judged, decision).Hash;
        }

        return [.. entries
            .Where(entry => entry.Operation == (byte)LedgerOperation.Disclose && views.TryGetValue(entry.Name!.Value, out var hash) && hash == entry.Hash)
            .Select(entry => entry.Seq)];
    }
}
