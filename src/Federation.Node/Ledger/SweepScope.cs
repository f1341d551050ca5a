using Federation.Node.Partners;
using Federation.Node.Sharing;
using Federation.Node.Storage;

namespace Federation.Node.Ledger;

/// <summary>
/// Says where a change of policy or membership can matter: the records that any policy and membership which may still stand in the ledger
/// decides otherwise than the new one. Preview and sweep ask here, so that they look at the same records.
/// </summary>
internal sealed class SweepScope(INodeStore store)
{
    // More changes than this while one sweep is under way, and everything is looked at.
    private const int MostStates = 64;

    /// <summary>The records at which a sweep under way has to look.</summary>
    public Task<RecordSelection> OfAsync(Partner partner, SweepProgress sweep, CancellationToken cancellationToken) =>
        BetweenAsync(partner, sweep.BaseEpoch, sweep.BaseMembership, partner.Recipient, partner.Policy, cancellationToken);

    /// <summary>The records at which a sweep would have to look if a policy and groups were put in force now, over what is pending already.</summary>
    public Task<RecordSelection> OfChangeAsync(
        Partner partner, SweepProgress? pending, Recipient recipient, SharingPolicy? policy, CancellationToken cancellationToken) =>
        BetweenAsync(
            partner, pending?.BaseEpoch ?? partner.PolicyEpoch, pending?.BaseMembership ?? partner.Membership, recipient, policy, cancellationToken);

    private async Task<RecordSelection> BetweenAsync(
        Partner partner, long baseEpoch, long baseMembership, Recipient recipient, SharingPolicy? target, CancellationToken cancellationToken)
    {
        if (baseEpoch < 0)
            return RecordSelection.Everything;
        var recipients = await RecipientsAsync(partner, baseMembership, cancellationToken);
        var documents = await DocumentsAsync(partner, baseEpoch, cancellationToken);
        if (documents is null || recipients.Count * documents.Count > MostStates)
            return RecordSelection.Everything;
        var clauses = new List<SelectionClause>();
        foreach (var document in documents)
        {
            foreach (var before in recipients)
                clauses.AddRange(PolicyDelta.Between(document?.For(before), target).Clauses.Select(ToClause));
        }

        var groups = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var before in recipients)
        {
            groups.UnionWith(before.Groups.Except(recipient.Groups, StringComparer.Ordinal));
            groups.UnionWith(recipient.Groups.Except(before.Groups, StringComparer.Ordinal));
        }

        return new RecordSelection(clauses, [.. groups]);
    }

    // The partner in every membership from the base on.
    private async Task<List<Recipient>> RecipientsAsync(Partner partner, long baseMembership, CancellationToken cancellationToken)
    {
        var memberships = await store.ReadMembershipsAsync(partner.Membership, cancellationToken);
        var numbers = memberships.Select(m => m.Number).Where(number => number > baseMembership).Prepend(baseMembership);
        return [.. numbers
            .Select(number => StoredGroup.Of(partner.Institute, memberships, number))
            .DistinctBy(groups => string.Join(',', groups))
            .Select(partner.Recipient.In)];
    }

    // Every policy from the base on, the one in force included; null if one of them is not understood any more.
    private async Task<List<PolicyDocument?>?> DocumentsAsync(Partner partner, long baseEpoch, CancellationToken cancellationToken)
    {
        var documents = new List<PolicyDocument?>();
        if (baseEpoch == 0)
            documents.Add(null);
        foreach (var policy in await store.ReadPoliciesAsync(partner.Number, partner.PolicyEpoch + 1, MostStates, cancellationToken))
        {
            if (policy.Epoch < baseEpoch)
                break;
            if (!PolicyCompiler.TryCompile(policy.Text, $"{partner.Institute}@{policy.Epoch}", null, out var document, out _))
                return null;
            documents.Add(document);
        }

        return documents;
    }

    private static SelectionClause ToClause(DeltaClause clause) => new()
    {
        Kinds = [.. clause.Kinds.Select(kind => (int)kind)],
        LowestMarking = clause.MinMarking <= V1.Records.Marking.Clear ? 0 : (int)clause.MinMarking,
        HighestMarking = clause.MaxMarking >= V1.Records.Marking.Red ? int.MaxValue : (int)clause.MaxMarking,
        AnyMarkingAbove = clause.AnyMarkingAbove == V1.Records.Marking.Unspecified ? null : (int)clause.AnyMarkingAbove,
        Types = TypeMask.Of(clause.Types.ToTypes()),
        Topics = [.. clause.Topics.Select(topic => (topic.Code, topic.WithBelow))],
    };
}
