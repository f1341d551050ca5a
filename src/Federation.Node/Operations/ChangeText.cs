using Federation.Node.Ledger;
using Federation.Node.Sharing;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Federation.V1.Records;

namespace Federation.Node.Operations;

/// <summary>Says what a change of sharing would do to one record: to itself, and to each part whose visibility changes.</summary>
internal static class ChangeText
{
    /// <summary>Describes a planned entry.</summary>
    public static DisclosureChange Describe(
        Partners.Partner now, Partners.Partner then, ReconcileCandidate candidate, PlannedEntry planned, RecordJudge judge)
    {
        var judged = JudgedRecord.From(candidate.Record);
        var before = judged is null ? SharingPolicy.NoPolicy : judge.Judge(now, judged);
        var after = judged is null ? SharingPolicy.NoPolicy : judge.Judge(then, judged);
        var change = new DisclosureChange
        {
            Origin = planned.Name.Origin.ToString(),
            RecordId = planned.Name.Id.ToString(),
            Kind = (RecordKind)candidate.Record.Kind,
            Effect = EffectOf(planned),
            Reason = DecisionText.Of(after),
            Rule = after.Rule ?? "",
            Pending = IsBehind(planned, judged, before),
        };
        if (judged is not null)
            AddParts(change, judged, before, after, then.Policy);
        return change;
    }

    private static void AddParts(DisclosureChange change, JudgedRecord judged, Decision before, Decision after, SharingPolicy? policy)
    {
        for (var i = 0; i < judged.Facts.Parts.Count; i++)
        {
            var part = judged.Facts.Parts[i];
            var shown = before.Visible && before.Parts[i] == PartVerdict.Visible;
            var shows = after.Visible && after.Parts[i] == PartVerdict.Visible;
            if (shown == shows || judged.Shape.Parts[i + 1].Gone)
                continue;
            change.Parts.Add(new PartChange
            {
                PartId = part.Part,
                Type = PartTypes.NameOf(part.Type) ?? $"{part.Type}",
                Effect = shows ? DisclosureEffect.Sent : DisclosureEffect.Withdrawn,
                Reason = after.Visible ? DecisionText.Of(after.Parts[i]) : change.Reason,
                Rule = (after.Visible ? policy?.FindDeciding(judged.Facts, part, after.Parts[i]) : after.Rule) ?? "",
            });
        }
    }

    private static DisclosureEffect EffectOf(PlannedEntry planned) => planned switch
    {
        { Operation: (byte)LedgerOperation.Withdraw } => DisclosureEffect.Withdrawn,
        { Previous: { Operation: (byte)LedgerOperation.Disclose } } => DisclosureEffect.Revised,
        _ => DisclosureEffect.Sent,
    };

    // Whether the ledger is not what the policy in force makes of the record.
    private static bool IsBehind(PlannedEntry planned, JudgedRecord? judged, Decision before)
    {
        var live = planned.Previous is { Operation: (byte)LedgerOperation.Disclose };
        if (!before.Visible || judged is null)
            return live;
        return !live || planned.Previous!.Value.StatementHash != View.Of(judged, before).Hash;
    }
}
