using Federation.Node.Ledger;
using Federation.Node.Sharing;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.V1.Node;

namespace Federation.Node.Operations;

/// <summary>Makes an archived decision again, by the same judge that made it, and says whether it comes out the same.</summary>
internal static class DecisionReplay
{
    /// <summary>Fills in the outcome.</summary>
    public static void Run(ReplayDecisionResponse response, Partners.Partner partner, ArchivedDecision archived, PolicyDocument? document)
    {
        if (Obstacle(archived, document) is { } obstacle)
        {
            response.Outcome = obstacle;
            return;
        }

        var entry = archived.Entry;
        var recipient = partner.Recipient.In(StoredGroup.Of(partner.Institute, archived.Memberships));
        var then = partner.With(document, recipient);
        var judged = JudgedRecord.From(archived.Record!)!;
        var decision = new RecordJudge(archived.Targets, entry.Context.NowMs).Judge(then, judged);
        response.Replayed = true;
        response.Parts.AddRange(PartExplanations.Of(then.Policy, judged, decision, _ => ""));
        var same = decision.Visible
            ? entry.Entry.Operation == (byte)LedgerOperation.Disclose && View.Of(judged, decision).Hash == entry.Entry.StatementHash
            : entry.Entry.Operation == (byte)LedgerOperation.Withdraw;
        response.Confirmed = same && (byte)decision.Verdict == entry.Decision.Verdict && decision.RuleOrdinal == entry.Decision.Rule;
        response.Outcome = response.Confirmed
            ? "The archived policy, memberships and facts lead to this entry."
            : $"The archived policy, memberships and facts lead to another outcome: {DecisionText.Of(decision)}";
    }

    private static string? Obstacle(ArchivedDecision archived, PolicyDocument? document)
    {
        if (archived.Entry.Entry.Operation == (byte)LedgerOperation.Erase)
            return "An erasure follows from no policy: the record was erased.";
        if (archived.Passed)
            return "The record is another institute's: its facts at that moment are not kept.";
        if (archived.Record is null)
            return "The facts by which the record was judged were destroyed when it was erased.";
        if (archived.TargetsLost)
            return "The facts of a record that it refers to are not kept: it was erased, or is another institute's.";
        return archived.Policy is not null && document is null ? "The policy of that epoch is not understood by this version of the program." : null;
    }
}
