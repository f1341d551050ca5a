using Federation.Protocol.Records;

namespace Federation.Node.Sharing;

/// <summary>
/// Where two policies can decide differently about a record, for one partner and at any moment: every such record meets one of the
/// clauses. Records that meet one need not be decided differently.
/// </summary>
internal sealed class PolicyDelta
{
    private PolicyDelta(IReadOnlyList<DeltaClause> clauses) => Clauses = clauses;

    /// <summary>The clauses; none means that the policies decide alike.</summary>
    public IReadOnlyList<DeltaClause> Clauses { get; }

    /// <summary>Compares two policies; null stands for one that shares nothing.</summary>
    public static PolicyDelta Between(SharingPolicy? from, SharingPolicy? to)
    {
        // What shares nothing differs from a policy only where that policy allows something.
        var before = ByConditions(from, withDenials: to is not null);
        var after = ByConditions(to, withDenials: from is not null);
        var clauses = new List<DeltaClause>();
        if (from is not null && to is not null && from.Ceiling != to.Ceiling)
            clauses.Add(new DeltaClause { AnyMarkingAbove = from.Ceiling < to.Ceiling ? from.Ceiling : to.Ceiling });
        foreach (var (key, old) in before)
        {
            if (!after.TryGetValue(key, out var now))
                clauses.Add(Clause(old.Conditions));
            else if (!old.Handling.DiffersOnlyInTypes(now.Handling))
                clauses.Add(Clause(old.Conditions));
            else if (old.Handling.TypesThatDiffer(now.Handling) is { IsEmpty: false } types)
                clauses.Add(Clause(old.Conditions, types));
        }
        clauses.AddRange(after.Where(pair => !before.ContainsKey(pair.Key)).Select(pair => Clause(pair.Value.Conditions)));
        return new PolicyDelta(clauses);
    }

    /// <summary>Whether a record meets a clause.</summary>
    public bool Matches(RecordFacts facts) => Clauses.Any(clause => clause.Matches(facts));

    // Rules with the same conditions match together, so that what they say is one thing.
    private static SortedDictionary<string, (RuleConditions Conditions, RuleHandling Handling)> ByConditions(SharingPolicy? policy, bool withDenials)
    {
        var found = new SortedDictionary<string, (RuleConditions Conditions, RuleHandling Handling)>(StringComparer.Ordinal);
        foreach (var rule in policy?.Reduced ?? [])
        {
            if (rule.Denies && !withDenials)
                continue;
            var key = PolicyNormalForm.WriteConditions(rule);
            found[key] = found.TryGetValue(key, out var same) ? (same.Conditions, same.Handling.With(rule.Handling)) : (rule.Conditions, rule.Handling);
        }
        return found;
    }

    private static DeltaClause Clause(RuleConditions conditions, PartTypeSet types = default) => new()
    {
        Kinds = conditions.Kinds,
        MinMarking = conditions.MinMarking,
        MaxMarking = conditions.MaxMarking,
        Topics = conditions.Topics,
        Types = types,
    };
}
