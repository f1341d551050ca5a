using Federation.Protocol.Records;

namespace Federation.Node.Sharing;

/// <summary>Finds which of a policy's rules decided over a part; of several that say the same the first by name.</summary>
internal static class DecidingRule
{
    /// <summary>The rule; null if the verdict is none of a rule's, or if no single rule said so (a type that no rule shows).</summary>
    public static SharingRule? Find(SharingPolicy policy, RecordFacts facts, PartFacts part, PartVerdict verdict)
    {
        var match = policy.Match(facts);
        if (match.Allowance == 0)
            return null;
        var allowing = policy.Rules.Where(rule => !rule.Denies && rule.Matches(facts)).OrderBy(rule => rule.Name, StringComparer.Ordinal);
        return verdict switch
        {
            PartVerdict.Type => allowing.FirstOrDefault(rule => rule.Handling.Withheld.Contains(part.Type)),
            PartVerdict.RuleMarking => Handling(allowing, part).MinBy(found => found.Handling.MaxMarking).Rule,
            PartVerdict.RuleEmbargo => Handling(allowing, part).MaxBy(found => found.Handling.Embargo.ReleaseMs(facts)).Rule,
            PartVerdict.Visible when PartTypes.WithheldUnlessShown.Contains(part.Type) =>
                allowing.FirstOrDefault(rule => rule.Handling.Shown.Contains(part.Type)),
            PartVerdict.Visible => policy.Reduced[match.Allowance - 1],
            _ => null,
        };
    }

    private static IEnumerable<(SharingRule? Rule, PartHandling Handling)> Handling(IEnumerable<SharingRule> rules, PartFacts part) =>
        from rule in rules
        from handling in rule.Handling.Parts
        where handling.Type == part.Type
        select ((SharingRule?)rule, handling);
}
