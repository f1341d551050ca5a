using Federation.Node.Tests.Sharing;

namespace Federation.Node.Tests.Scenarios.Properties;

/// <summary>Draws policies over the world of <see cref="RandomDrafts"/>, and edits of policies. The compiler may refuse what chance makes.</summary>
internal sealed class RandomPolicies(Random random, IReadOnlyList<string> institutes)
{
    private static readonly string[] Ladder = ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"];
    private static readonly string[] Kinds = ["practice", "flaw", "incident", "model", "annotation"];
    private static readonly string[] Topics = ["cyber", "cbrn", "cbrn.*", "cbrn.bio", "persuasion"];
    private static readonly string[] Flaws = ["", "low", "medium", "high", "critical"];
    private static readonly string[] Incidents = ["", "serious_hazard", "incident", "serious_incident", "disaster"];

    private static readonly string[] Types =
    [
        "import_source", "link", "flaw_summary", "flaw_reproduction", "incident_summary", "incident_reproduction", "model_description", "model_risk",
        "annotation_body", "annotation_seen",
    ];

    public static PolicyWords Everything { get; } = new("RED", [new RuleWords { Name = "everything", Shows = true, SharesEnvelope = true }]);

    public PolicyWords New()
    {
        var rules = new List<RuleWords>();
        for (var i = random.Next(1, 4); i > 0; i--)
            rules.Add(Rule());
        if (random.Next(8) > 0)
            rules.Add(Broad());
        return Named(Pick(["RED", "RED", "RED", "AMBER+STRICT", "AMBER", "GREEN"]), rules);
    }

    /// <summary>The policy with one thing changed.</summary>
    public PolicyWords Edited(PolicyWords policy)
    {
        var rules = policy.Rules.ToList();
        var place = random.Next(rules.Count);
        switch (random.Next(5))
        {
            case 0:
                return policy with { Ceiling = Pick(Ladder) };
            case 1 when rules.Count > 1:
                rules.RemoveAt(place);
                break;
            case 2:
                rules.Add(Rule());
                break;
            case 3 when !rules[place].Denies:
                rules[place] = Handled(rules[place] with { Withhold = [], Parts = [] });
                break;
            default:
                rules[place] = Rule();
                break;
        }

        return Named(policy.Ceiling, rules);
    }

    /// <summary>The same policy in other words: other names, the other way round, with a comment.</summary>
    public static string Respelled(PolicyWords policy)
    {
        var rules = policy.Rules.Reverse().Select((rule, index) => rule with
        {
            Name = $"other-{index}",
            Kinds = Turned(rule.Kinds),
            States = Turned(rule.States),
            Topics = Turned(rule.Topics),
            WithoutTopics = Turned(rule.WithoutTopics),
            Languages = Turned(rule.Languages),
            Availability = Turned(rule.Availability),
            Onward = Turned(rule.Onward),
            Actions = Turned(rule.Actions),
            Attribution = Turned(rule.Attribution),
            Institutes = Turned(rule.Institutes),
            Groups = Turned(rule.Groups),
            Withhold = Turned(rule.Withhold),
            Parts = Turned(rule.Parts),
        });
        return "# The same in other words.\n" + (policy with { Rules = [.. rules] }).ToYaml();
    }

    private static T[] Turned<T>(T[] values) => [.. values.Reverse()];

    private static PolicyWords Named(string ceiling, IEnumerable<RuleWords> rules) =>
        new(ceiling, [.. rules.Select((rule, index) => rule with { Name = $"rule-{index}" })]);

    private RuleWords Broad() => Handled(new RuleWords { SharesEnvelope = random.Next(3) == 0 });

    private RuleWords Rule()
    {
        var denies = random.Next(5) == 0;
        var rule = new RuleWords { Denies = denies, Kinds = denies ? [Pick(Kinds)] : Some(Kinds, 2) };
        // A denial of a whole kind leaves little to look at.
        for (var i = random.Next(denies ? 1 : 0, 3); i > 0; i--)
            rule = Narrowed(rule);
        return (rule.Denies ? rule : Handled(rule)).Sane();
    }

    private RuleWords Narrowed(RuleWords rule) => random.Next(13) switch
    {
        0 => rule with { States = Some(["interim", "final", "withdrawn", "superseded"], 1) },
        1 => rule with { MinMarking = Pick(Ladder) },
        2 => rule with { MaxMarking = Pick(Ladder) },
        3 => rule with { Topics = Some(Topics, 1) },
        4 => rule with { WithoutTopics = Some(Topics, 1) },
        5 => rule with { Severity = Severity(rule.Kinds) },
        6 => rule with { Languages = Some(["en", "en-GB", "pt"], 1) },
        7 => rule with { Availability = Some(["open_weights", "closed_weights", "unreleased", "unknown"], 1) },
        8 => rule with { Onward = [Pick(["none", "community"])] },
        9 => rule with { Actions = Some(["none", "contact_for_instruction", "externally_visible_direct_actions"], 1) },
        10 => rule with { Attribution = Some(["may", "must", "must_not"], 1) },
        11 => rule with { IssuedFrom = Pick(["", "2025-02-01"]), IssuedBefore = "2025-03-01" },
        _ => random.Next(2) == 0 ? rule with { Groups = Some(RandomDrafts.Groups, 1) } : rule with { Institutes = Some([.. institutes], 1) },
    };

    private (string Key, string Min, string Max) Severity(string[] kinds)
    {
        var (key, scale) = kinds.Contains("incident") ? ("incident_severity", Incidents) : ("flaw_severity", Flaws);
        var low = random.Next(4);
        return (key, scale[low], scale[random.Next(Math.Max(low, 1), 5)]);
    }

    private RuleWords Handled(RuleWords rule) => (rule with
    {
        Withhold = random.Next(2) == 0 ? Some(Types, 1) : [],
        Shows = random.Next(2) == 0,
        SharesEnvelope = random.Next(3) == 0,
        Embargo = NewEmbargo(20),
        Parts = random.Next(3) == 0 ? [new PartWords(Pick(Types), Pick(Ladder), NewEmbargo(4))] : [],
    }).Sane();

    private EmbargoWords NewEmbargo(int oneIn) => random.Next(oneIn) > 0 ? EmbargoWords.None : Pick(
        [new EmbargoWords("2020-01-01", ""), new EmbargoWords("2999-01-01", ""), new EmbargoWords("", "30d"), new EmbargoWords("2020-01-01", "30d")]);

    private string[] Some(string[] words, int atLeast) =>
        [.. words.Where(_ => random.Next(2) == 0).Concat(words.OrderBy(_ => random.Next()).Take(atLeast)).Distinct()];

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];
}
