using System.Globalization;
using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>Reads one rule of a policy.</summary>
internal static class RuleReader
{
    private const int MaxNameLength = 64;
    private const string NameRule = "1 to 64 letters, digits, spaces and '.', '_', '-', beginning with a letter or digit";

    private static readonly string[] RuleKeys = ["name", "allow", "deny", "withhold", "show", "envelope"];
    private static readonly string[] ConditionKeys = ["kinds", "max_marking", "topics", "without_topics"];
    private static readonly string[] OnlyUnderAllow = ["withhold", "show", "envelope"];
    private static readonly string[] EnvelopeWords = ["share", "hide"];
    private static readonly string[] Showable = [.. PartTypes.WithheldUnlessShown.ToTypes().Select(type => PartTypes.NameOf(type)!)];

    /// <summary>Reads a rule; the answer counts only if no fault was added.</summary>
    /// <param name="node">The rule.</param>
    /// <param name="lineByName">The names of the rules before this one, with their lines.</param>
    /// <param name="faults">Where faults go.</param>
    public static SharingRule? Read(PolicyNode node, Dictionary<string, int> lineByName, PolicyFaults faults)
    {
        if (PolicyMapping.Open(node, "a rule", RuleKeys, faults) is not { } rule)
            return null;
        var name = ReadName(rule, lineByName, faults);
        var conditions = ReadConditions(rule, faults, out var denies);
        var kinds = Values(PolicyValues.ReadList<RecordKind>(
            conditions?.Find("kinds"), "kinds", "kind", RecordKinds.Names, RecordKinds.TryParse, faults));
        var topics = ReadTopics(conditions, "topics", faults);
        var without = ReadTopics(conditions, "without_topics", faults);
        if (topics.Length > 0 && topics.All(topic => without.Any(other => other.Covers(topic))))
            faults.Add(conditions!.KeyNode("topics"), "the rule matches nothing: 'without_topics' excludes every one of its 'topics'");
        var withheld = ReadWithheld(rule, kinds, faults);
        var shown = ReadShown(rule, withheld, faults);
        return new SharingRule
        {
            Name = name,
            Denies = denies,
            Kinds = [.. kinds.Distinct().Order()],
            MaxMarking = ReadMaxMarking(conditions, denies, faults),
            Topics = topics,
            WithoutTopics = without,
            Withheld = withheld,
            Shown = shown,
            SharesEnvelope = ReadEnvelope(rule, faults),
        };
    }

    private static string ReadName(PolicyMapping rule, Dictionary<string, int> lineByName, PolicyFaults faults)
    {
        if (rule.Find("name") is not { } node)
        {
            faults.Add(rule.Node, "the rule has no 'name'");
            return "";
        }
        if (!PolicyValues.TryReadText(node, "a rule's name", faults, out var name))
            return "";
        if (!IsName(name))
            faults.Add(node, $"a rule's name is {NameRule}; not {PolicyFaults.Quote(name)}");
        else if (!lineByName.TryAdd(name, node.Line))
            faults.Add(node, string.Create(CultureInfo.InvariantCulture, $"the name '{name}' was given before, in line {lineByName[name]}"));
        return name;
    }

    private static PolicyMapping? ReadConditions(PolicyMapping rule, PolicyFaults faults, out bool denies)
    {
        var allow = rule.Find("allow");
        var deny = rule.Find("deny");
        denies = deny is not null && allow is null;
        if (allow is not null && deny is not null)
            faults.Add(rule.KeyNode("deny"), "a rule has either 'allow' or 'deny', not both");
        if (allow is null && deny is null)
            faults.Add(rule.Node, "the rule has neither 'allow' nor 'deny'");
        foreach (var key in denies ? OnlyUnderAllow : [])
        {
            if (rule.Find(key) is not null)
                faults.Add(rule.KeyNode(key), $"'{key}' has no meaning in a deny rule");
        }
        return (allow ?? deny) is { } node ? PolicyMapping.Open(node, denies ? "'deny'" : "'allow'", ConditionKeys, faults) : null;
    }

    private static Marking ReadMaxMarking(PolicyMapping? conditions, bool denies, PolicyFaults faults)
    {
        if (conditions?.Find("max_marking") is not { } node)
            return Marking.Red;
        // Whoever writes this means to keep back what is marked higher; read literally it would do the opposite.
        if (denies)
            faults.Add(conditions.KeyNode("max_marking"), "'max_marking' in a deny rule would deny what is marked lower; lower it where records are allowed");
        PolicyValues.TryReadWord(node, "marking", Markings.Names, Markings.TryParse, faults, out Marking marking);
        return marking;
    }

    private static TopicPattern[] ReadTopics(PolicyMapping? conditions, string key, PolicyFaults faults)
    {
        var list = PolicyValues.ReadList<TopicPattern>(conditions?.Find(key), key, "topic", [], TopicPattern.TryParse, faults);
        return [.. Values(list).Distinct()];
    }

    private static PartTypeSet ReadWithheld(PolicyMapping rule, List<RecordKind> kinds, PolicyFaults faults)
    {
        var list = PolicyValues.ReadList<int>(rule.Find("withhold"), "withhold", "part type", PartTypes.Names, PartTypes.TryGetType, faults);
        foreach (var (node, type) in list)
        {
            if (kinds.Count > 0 && !kinds.Exists(kind => PartTypes.MayOccurIn(type, kind)))
                faults.Add(node, $"no record of the rule's kinds has a part '{node.Text}'");
        }
        return PartTypeSet.Of([.. Values(list)]);
    }

    private static PartTypeSet ReadShown(PolicyMapping rule, PartTypeSet withheld, PolicyFaults faults)
    {
        var list = PolicyValues.ReadList<int>(rule.Find("show"), "show", "part type", PartTypes.Names, PartTypes.TryGetType, faults);
        foreach (var (node, type) in list)
        {
            if (withheld.Contains(type))
                faults.Add(node, $"the rule both withholds and shows '{node.Text}'");
            else if (!PartTypes.WithheldUnlessShown.Contains(type))
                faults.Add(node, $"'{node.Text}' is shown unless a rule withholds it; 'show' is for {string.Join(", ", Showable)}");
        }
        return PartTypeSet.Of([.. Values(list)]);
    }

    private static bool ReadEnvelope(PolicyMapping rule, PolicyFaults faults)
    {
        if (rule.Find("envelope") is not { } node)
            return false;
        PolicyValues.TryReadWord<bool>(node, "value of 'envelope'", EnvelopeWords, TryParseEnvelope, faults, out var shares);
        return shares;
    }

    private static bool TryParseEnvelope(string text, out bool shares)
    {
        shares = text == "share";
        return shares || text == "hide";
    }

    private static List<T> Values<T>(List<(PolicyNode Node, T Value)> list) => list.ConvertAll(entry => entry.Value);

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= MaxNameLength
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or '_' or '-');
}
