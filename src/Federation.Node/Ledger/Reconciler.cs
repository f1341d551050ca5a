using Federation.Node.Partners;
using Federation.Node.Sharing;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;

namespace Federation.Node.Ledger;

/// <summary>
/// Compares what is disclosed with what should be. The same function serves every trigger, so that the order and repetition of
/// triggers do not matter; run twice, it plans nothing the second time.
/// </summary>
internal sealed class Reconciler
{
    private readonly IReadOnlyList<Partner> partners;
    private readonly SigningKey? statementKey;
    private readonly long nowMs;
    private readonly int[] classOf;
    private readonly int classes;

    /// <summary>Reconciles for some partners at one moment; without a key nothing is signed, for plans that are only looked at.</summary>
    public Reconciler(IReadOnlyList<Partner> partners, SigningKey? statementKey, long nowMs)
    {
        this.partners = partners;
        this.statementKey = statementKey;
        this.nowMs = nowMs;
        classOf = ClassesOf(partners, out classes);
    }

    /// <summary>What streams wait for.</summary>
    public IReadOnlySet<(int Partner, long Rec)> Held { get; init; } = new HashSet<(int Partner, long Rec)>();

    /// <summary>Plans the entries that a snapshot calls for.</summary>
    public ReconcilePlan Plan(ReconcileSnapshot snapshot)
    {
        var plan = new ReconcilePlan();
        AddTo(plan, snapshot);
        return plan;
    }

    /// <summary>Adds the entries that a snapshot calls for to a plan.</summary>
    public void AddTo(ReconcilePlan plan, ReconcileSnapshot snapshot)
    {
        plan.AsOfN ??= snapshot.AsOfN;
        foreach (var (partner, count) in snapshot.Holes)
            plan.Holes[partner] = count;
        var judge = new RecordJudge(snapshot.Targets, nowMs);
        foreach (var candidate in snapshot.Candidates)
        {
            var judged = JudgedRecord.From(candidate.Record);
            var matches = new RuleMatch?[classes];
            for (var i = 0; i < partners.Count; i++)
                PlanOne(plan, judge, snapshot.AsOfN, candidate, judged, partners[i], ref matches[classOf[i]]);
        }
    }

    private void PlanOne(
        ReconcilePlan plan, RecordJudge judge, long asOfN, ReconcileCandidate candidate, JudgedRecord? judged, Partner partner, ref RuleMatch? match)
    {
        DisclosedRow? previous = null;
        foreach (var row in candidate.Disclosed)
        {
            if (row.Partner == partner.Number)
                previous = row;
        }

        if (IsErased(candidate.Record))
        {
            if (previous is { } last && last.Operation != (byte)LedgerOperation.Erase)
                Add(plan, candidate.Record, asOfN, partner, LedgerOperation.Erase, last, default, SharingPolicy.NoPolicy);
            return;
        }

        var decision = SharingPolicy.NoPolicy;
        if (judged is not null && partner.Policy is { } policy)
        {
            match ??= policy.Match(judged.Facts);
            decision = judge.Judge(partner, judged, match.Value);
        }

        if (decision.NextChangeMs != 0)
            plan.TimersSet.Add((decision.NextChangeMs, partner.Number, candidate.Record.Rec));
        var live = previous is { Operation: (byte)LedgerOperation.Disclose };
        if (candidate.Record.ChangedN <= Math.Max(candidate.Record.StaleN, previous?.StandsN ?? 0))
        {
            if (live && !Stands(plan, judge, candidate.Record, judged, partner, previous!.Value, decision))
                Add(plan, candidate.Record, asOfN, partner, LedgerOperation.Withdraw, previous, default, decision);
            return;
        }

        if (!decision.Visible)
        {
            if (live)
                Add(plan, candidate.Record, asOfN, partner, LedgerOperation.Withdraw, previous, default, decision);
            return;
        }

        var view = View.Of(judged!, decision);
        // An edit that this partner can't see makes the same statement: no entry.
        if (live && previous!.Value.StatementHash == view.Hash && previous.Value.Opened == view.Opened)
            return;
        Add(plan, candidate.Record, asOfN, partner, LedgerOperation.Disclose, previous, (view.Hash, view.Opened), decision);
        // A copy keeps the signature with which it came.
        if (view.Forwardable && candidate.Record.Source == 0 && statementKey is not null && !plan.Signatures.ContainsKey(view.Hash))
            plan.Signatures.Add(view.Hash, new ViewSignature(view.Hash, candidate.Record.Rec, statementKey.Sign(Statement.PaeType, view.Statement)));
    }

    private static bool IsErased(StoredRecord record) => record.Status == RecordStatus.Erased
        || (record.Status is RecordStatus.Removed or RecordStatus.Awaited && record.Onward == OnwardState.Erased);

    // A partner holds, or held, what this node lost: the older version that it has is told to nobody. What the partner holds stays as long as
    // the policy lets it have just that; what is not known well enough to be judged does not.
    private bool Stands(
        ReconcilePlan plan, RecordJudge judge, StoredRecord record, JudgedRecord? judged, Partner partner, DisclosedRow latest, Decision decision)
    {
        if (judged is not null && decision.Visible && View.Of(judged, decision) is var view && view.Hash == latest.StatementHash && view.Opened == latest.Opened)
            return true;
        if (latest.HeldShape is not { } shape || Held.Contains((partner.Number, record.Rec)))
            return false;
        var held = judge.Judge(partner, JudgedRecord.Held(record, shape));
        if (held.NextChangeMs != 0)
            plan.TimersSet.Add((held.NextChangeMs, partner.Number, record.Rec));
        return held.Visible && held.Parts.All(verdict => verdict == PartVerdict.Visible);
    }

    private static void Add(
        ReconcilePlan plan, StoredRecord record, long asOfN, Partner partner, LedgerOperation operation, DisclosedRow? previous, (Digest Hash, Digest Opened) shown,
        Decision decision)
    {
        if (!plan.Entries.TryGetValue(partner.Number, out var entries))
            plan.Entries.Add(partner.Number, entries = []);
        var decided = new EntryDecision(decision.RuleOrdinal, (byte)decision.Verdict, record.Version, asOfN);
        // What a hole of the ledger said of the record nobody knows: the first revision after it is beyond all that it can have said.
        var lost = plan.Holes.TryGetValue(partner.Number, out var holes) && (previous?.Seq ?? 0) < holes.End ? holes.Count : 0;
        var vrev = checked((previous?.Vrev ?? 0) + lost + 1);
        entries.Add(new PlannedEntry(record.Name, record.Rec, record.ChangedN, (byte)operation, vrev, shown.Hash, shown.Opened, previous, decided));
    }

    // Partners whose compiled policies are equal share the evaluation of the rules.
    private static int[] ClassesOf(IReadOnlyList<Partner> partners, out int count)
    {
        var numbers = new Dictionary<Digest, int>();
        var classOf = new int[partners.Count];
        for (var i = 0; i < partners.Count; i++)
        {
            var hash = partners[i].Policy?.ClassHash ?? Digest.Zero;
            if (!numbers.TryGetValue(hash, out classOf[i]))
                numbers.Add(hash, classOf[i] = numbers.Count);
        }

        count = numbers.Count;
        return classOf;
    }
}
