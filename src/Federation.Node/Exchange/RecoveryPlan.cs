using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Sharing;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Exchange;

/// <summary>
/// Prepares what is written when a ledger is got back. What the partner holds stands: where this node's own copy says something else, it may
/// be older, and is told to nobody until its publisher writes the record again; a record that is not known any more comes back as a draft.
/// Another institute's record, which was passed on, comes back from its originator alone: what is not here does not stand, and is withdrawn.
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
            var judged = await JudgeAsync(known, cancellationToken);
            for (var i = 0; i < chunk.Length; i++)
            {
                var entry = chunk[i];
                var row = known[i] is not { } own ? null : before.TryGetValue(own.Record.Rec, out var kept) ? kept : own.Disclosed is [var stored] ? stored : (DisclosedRow?)null;
                var firstSeq = row is { NeverSent: false } disclosed ? disclosed.FirstSeq : first.GetValueOrDefault(entry.Name!.Value, entry.Seq);
                var now = judged.GetValueOrDefault(entry.Name!.Value);
                latest.Add(IsOwn(entry) ? RecoverOwn(entry, firstSeq, known[i]?.Record, now, echoed, nowMs) : RecoverPassed(entry, firstSeq, now, echoed));
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

    private bool IsOwn(RecoveredEntry entry) => entry.Name!.Value.Origin == needs.Identity.Institute;

    private RestoredContent? ContentOf(RecoveredEntry entry, EchoedLedger echoed) =>
        echoed.ContentOf(entry.Name!.Value) is { } sent && sent.Seq == entry.Seq ? RestoredContent.TryRead(sent, IsOwn(entry)) : null;

    private RecoveredRecord RecoverOwn(RecoveredEntry entry, ulong firstSeq, StoredRecord? own, Judgement? now, EchoedLedger echoed, long nowMs)
    {
        // What says what this node would say was not lost, as far as this partner may see.
        var discloses = entry.Operation == (byte)LedgerOperation.Disclose;
        var same = discloses && now is { Decision.Visible: true } && View.Of(now.Record, now.Decision).Hash == entry.Hash;
        var content = same ? null : ContentOf(entry, echoed);
        var unknown = own is null or { Status: RecordStatus.Removed };
        return new RecoveredRecord
        {
            Entry = entry,
            FirstSeq = firstSeq,
            Stands = !same,
            // What was taken back may have been, or not be as it is here: either way this version is older.
            Older = true,
            HeldShape = content?.Shape.Encode(),
            References = content?.References ?? [],
            Restored = unknown ? content?.ToDraft(entry.Name!.Value, own?.Version ?? 0, partner.Institute, needs.Entropy, nowMs) : null,
        };
    }

    private RecoveredRecord RecoverPassed(RecoveredEntry entry, ulong firstSeq, Judgement? now, EchoedLedger echoed)
    {
        var content = ContentOf(entry, echoed);
        var sameStatement = now is not null && Digest.Sha256(View.StatementOf(now.Record)) == entry.Hash;
        var stands = now is not null && WouldTellMore(entry, now, sameStatement, content);
        return new RecoveredRecord
        {
            Entry = entry,
            FirstSeq = firstSeq,
            Passed = true,
            Opened = content is null ? Digest.Zero : View.OpenedOf(content.Opened),
            Stands = stands,
            // A withdrawal can have had any reason.
            Older = !sameStatement && entry.Operation != (byte)LedgerOperation.Withdraw,
            HeldShape = stands ? content?.Shape.Encode() : null,
            References = stands && content is not null ? content.References : [],
        };
    }

    // No publisher here can write the record again: an entry stands only where this node would otherwise tell what is older, or more.
    private static bool WouldTellMore(RecoveredEntry entry, Judgement now, bool sameStatement, RestoredContent? content) => (LedgerOperation)entry.Operation switch
    {
        LedgerOperation.Withdraw => now.Decision.Visible,
        LedgerOperation.Disclose when sameStatement => now.Decision.Visible && (content is null || now.Opened.Except(content.Opened).Any()),
        _ => true,
    };

    private async Task<Dictionary<RecordName, Judgement>> JudgeAsync(IReadOnlyList<ReconcileCandidate?> known, CancellationToken cancellationToken)
    {
        var recs = known.OfType<ReconcileCandidate>().Select(candidate => candidate.Record.Rec).ToList();
        var snapshot = await needs.Store.ReadReconcileAsync(partner.Number, recs, cancellationToken);
        var judge = new RecordJudge(snapshot.Targets, needs.Clock.NowMs);
        return snapshot.Candidates.Select(candidate => JudgedRecord.From(candidate.Record)).OfType<JudgedRecord>()
            .ToDictionary(record => record.Stored.Name, record => new Judgement(record, judge.Judge(partner, record)));
    }

    // What this node has of a record, and what the partner may see of that.
    private sealed record Judgement(JudgedRecord Record, Decision Decision)
    {
        public IEnumerable<ulong> Opened => Record.Shape.Parts.Where((_, i) => i == 0 || Decision.Parts[i - 1] == PartVerdict.Visible).Select(part => part.Part);
    }
}
