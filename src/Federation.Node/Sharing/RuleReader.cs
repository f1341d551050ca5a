using System.Globalization;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>Reads the rules of a policy, one after the other.</summary>
internal sealed class RuleReader(Marking ceiling, AudienceReader audiences, PolicyFaults faults)
{
    private static readonly string[] Keys = ["name", "allow", "deny", "audience", .. HandlingReader.Keys];

    private readonly UniqueNames _names = new("a rule's name", faults);

    /// <summary>Reads a rule; the answer counts only if no fault was added.</summary>
    public SharingRule? Read(PolicyNode node, int ordinal)
    {
        if (PolicyMapping.Open(node, "a rule", Keys, faults) is not { } rule)
            return null;
        var name = _names.Read(rule, "the rule");
        var written = OpenConditions(rule, out var denies);
        var conditions = new ConditionsReader(written, denies, ceiling, audiences, faults).Read();
        return new SharingRule
        {
            Name = name,
            Ordinal = ordinal,
            Line = node.Line,
            Denies = denies,
            Conditions = conditions,
            Audience = audiences.Read(rule.Find("audience")),
            Handling = new HandlingReader(rule, conditions, faults).Read(),
        };
    }

    /// <summary>Tells of allow rules that can never allow anything, because one deny rule takes all of it back.</summary>
    public static void CheckReach(IReadOnlyList<SharingRule> rules, IReadOnlyList<PolicyNode> nodes, PolicyFaults faults)
    {
        foreach (var rule in rules.Where(rule => !rule.Denies))
        {
            if (rules.FirstOrDefault(other => other.Denies && other.Covers(rule)) is not { } denial)
                continue;
            faults.Add(nodes[rule.Ordinal], string.Create(
                CultureInfo.InvariantCulture,
                $"the rule '{rule.Name}' allows nothing: the deny rule '{denial.Name}' in line {denial.Line} denies all of it; "
                + $"remove one or narrow the denial"));
        }
    }

    private PolicyMapping? OpenConditions(PolicyMapping rule, out bool denies)
    {
        var allow = rule.Find("allow");
        var deny = rule.Find("deny");
        denies = deny is not null && allow is null;
        if (allow is not null && deny is not null)
            faults.Add(rule.KeyNode("deny"), "a rule has either 'allow' or 'deny', not both");
        if (allow is null && deny is null)
            faults.Add(rule.Node, "the rule has neither 'allow' nor 'deny'");
        foreach (var key in denies ? HandlingReader.Keys : [])
        {
            if (rule.Find(key) is not null)
                faults.Add(rule.KeyNode(key), $"'{key}' has no meaning in a deny rule");
        }
        return (allow ?? deny) is { } node ? PolicyMapping.Open(node, denies ? "'deny'" : "'allow'", ConditionsReader.Keys, faults) : null;
    }
}
