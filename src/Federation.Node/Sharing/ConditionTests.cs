using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>
/// Turns conditions into one delegate that holds only the tests that a rule has. An attribute that is absent passes no test. One that
/// is not known or not understood passes every test of a deny rule and none of an allow rule.
/// </summary>
internal static class ConditionTests
{
    /// <summary>Whether the conditions beyond the kind are met.</summary>
    public static Predicate<RecordFacts> Compose(RuleConditions conditions, bool denies)
    {
        var tests = Tests(conditions, denies).ToList();
        return tests.Skip(1).Aggregate(tests[0], (all, test) => facts => all(facts) && test(facts));
    }

    // The cheap ones first.
    private static IEnumerable<Predicate<RecordFacts>> Tests(RuleConditions conditions, bool denies)
    {
        yield return IssuedBy(conditions, denies);
        if (conditions.MinMarking > Marking.Clear)
            yield return facts => facts.Marking >= conditions.MinMarking;
        if (conditions.MaxMarking < Marking.Red)
            yield return facts => facts.Marking <= conditions.MaxMarking;
        if (!conditions.States.IsEmpty)
            yield return Codes(conditions.States, Vocabulary.States, facts => (int)facts.State, denies);
        if (!conditions.Onward.IsEmpty)
            yield return Codes(conditions.Onward, Vocabulary.Onward, OnwardOf, denies);
        foreach (var test in Traits(conditions, denies))
            yield return facts => facts.TraitsKnown ? test(facts) : denies;
        if (conditions.Topics.Length > 0)
            yield return facts => AnyMatches(conditions.Topics, facts.Topics);
        if (conditions.WithoutTopics.Length > 0)
            yield return facts => !AnyMatches(conditions.WithoutTopics, facts.Topics);
    }

    // What one may not see, one may not see of anybody; what one may see of others has to be said.
    private static Predicate<RecordFacts> IssuedBy(RuleConditions conditions, bool denies)
    {
        if (conditions.Origins.Count == 0)
            return facts => denies || facts.Own;
        var origins = conditions.Origins.ToArray();
        return facts => Array.IndexOf(origins, facts.Origin) >= 0;
    }

    private static IEnumerable<Predicate<RecordFacts>> Traits(RuleConditions conditions, bool denies)
    {
        if (conditions.Severity is { } severity)
            yield return facts => facts.Severity is { } code && (Vocabulary.KnowsSeverity(code) ? severity.Contains(code) : denies);
        if (conditions.Issued is { } issued)
            yield return facts => facts.IssuedMs is { } ms && issued.Contains(ms);
        if (!conditions.Availability.IsEmpty)
            yield return Codes(conditions.Availability, Vocabulary.Availabilities, facts => facts.Availability, denies);
        if (!conditions.PermittedActions.IsEmpty)
            yield return Codes(conditions.PermittedActions, Vocabulary.PermittedActions, PermittedActionsOf, denies);
        if (!conditions.Attribution.IsEmpty)
            yield return Codes(conditions.Attribution, Vocabulary.Attributions, AttributionOf, denies);
        if (conditions.Languages.Length > 0)
            yield return facts => Array.Exists(conditions.Languages, range => range.Matches(facts.Language));
    }

    private static Predicate<RecordFacts> Codes(CodeSet codes, Vocabulary known, Func<RecordFacts, int?> read, bool denies) =>
        facts => read(facts) is { } code && (known.All.Contains(code) ? codes.Contains(code) : denies);

    // What a record leaves unsaid counts as the most restrictive that it could have said.
    private static int? OnwardOf(RecordFacts facts) => (int)(facts.Onward == Onward.Unspecified ? Onward.None : facts.Onward);

    private static int? PermittedActionsOf(RecordFacts facts) =>
        (int)(facts.PermittedActions == PermittedActions.Unspecified ? PermittedActions.None : facts.PermittedActions);

    private static int? AttributionOf(RecordFacts facts) => (int)(facts.Attribution == Attribution.Unspecified ? Attribution.MustNot : facts.Attribution);

    private static bool AnyMatches(TopicPattern[] patterns, IReadOnlyList<string> topics)
    {
        for (var i = 0; i < topics.Count; i++)
        {
            var topic = topics[i];
            foreach (ref readonly var pattern in patterns.AsSpan())
            {
                if (pattern.Matches(topic))
                    return true;
            }
        }
        return false;
    }
}
