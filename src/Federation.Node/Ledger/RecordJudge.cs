using Federation.Node.Partners;
using Federation.Node.Sharing;
using Federation.Node.Storage;
using Federation.Protocol.Records;

namespace Federation.Node.Ledger;

/// <summary>
/// Asks what a partner may see of a record, with the records that it refers to at hand. The sequencer, the send guard and `explain`
/// all ask here, so that they can't differ.
/// </summary>
internal sealed class RecordJudge(IReadOnlyDictionary<RecordName, IReadOnlyList<ReferenceTarget>> targets, long nowMs)
{
    private readonly Dictionary<RecordName, JudgedRecord?> judgedTargets = [];

    /// <summary>The decision for one partner.</summary>
    public Decision Judge(Partner partner, JudgedRecord record) =>
        partner.Policy is { } policy
            ? policy.Decide(partner.Recipient, record.Facts, nowMs, name => MayBeNamed(partner, policy, name))
            : SharingPolicy.NoPolicy;

    /// <summary>The decision for one partner, with the rules' answer already at hand.</summary>
    public Decision Judge(Partner partner, JudgedRecord record, in RuleMatch match) =>
        partner.Policy is { } policy
            ? policy.Decide(match, partner.Recipient, record.Facts, nowMs, name => MayBeNamed(partner, policy, name))
            : SharingPolicy.NoPolicy;

    // A record may be named to its own originator, and to whom it is visible itself. What is not here may not be named.
    private bool MayBeNamed(Partner partner, SharingPolicy policy, RecordName name)
    {
        if (name.Origin == partner.Institute)
            return true;
        if (!judgedTargets.TryGetValue(name, out var target))
        {
            var here = targets.TryGetValue(name, out var copies) && copies.Count > 0 ? copies[0] : null;
            judgedTargets.Add(name, target = here is null ? null : JudgedRecord.From(here.Record));
        }

        return target is not null && policy.WithoutReferences(partner.Recipient, target.Facts, nowMs).Visible;
    }
}
