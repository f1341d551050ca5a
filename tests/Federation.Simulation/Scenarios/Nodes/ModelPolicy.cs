using System.Text;
using Federation.Simulation.World;
using Federation.V1.Records;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>A sharing policy as the reference model understands it, and as YAML for the node.</summary>
internal sealed record ModelPolicy(Marking Ceiling, IReadOnlyList<ModelRule> Rules)
{
    private static readonly string[] s_markings = ["", "CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"];

    public static ModelPolicy Draw(Rng rng)
    {
        var rules = Enumerable.Range(0, 1 + rng.Below(3)).Select(number => ModelRule.Draw(rng, $"rule{number}", denies: number > 0 && rng.Chance(0.3))).ToList();
        // An allow rule that one deny covers whole is refused by the compiler: such a deny is left out.
        rules.RemoveAll(deny => deny.Denies && rules.Exists(allow => !allow.Denies && deny.CoversAllOf(allow)));
        var ceiling = rng.Chance(0.5) ? Marking.Red : (Marking)(1 + rng.Below(5));
        return new ModelPolicy(ceiling, rules);
    }

    public string ToYaml()
    {
        var yaml = new StringBuilder($"version: 1\nceiling: {s_markings[(int)Ceiling]}\nrules:\n");
        foreach (var rule in Rules)
        {
            yaml.Append($"  - name: {rule.Name}\n    {(rule.Denies ? "deny" : "allow")}:");
            var conditions = new List<string>();
            if (rule.Kinds.Count > 0)
                conditions.Add($"kinds: [{string.Join(", ", rule.Kinds.Select(kind => kind.ToString().ToLowerInvariant()))}]");
            if (rule.MaxMarking != Marking.Red)
                conditions.Add($"max_marking: {s_markings[(int)rule.MaxMarking]}");
            if (rule.Topics.Count > 0)
                conditions.Add($"topics: [{string.Join(", ", rule.Topics.Select(topic => $"\"{topic}\""))}]");
            if (rule.WithoutTopics.Count > 0)
                conditions.Add($"without_topics: [{string.Join(", ", rule.WithoutTopics.Select(topic => $"\"{topic}\""))}]");
            yaml.Append(conditions.Count == 0 ? " {}\n" : $"\n      {string.Join("\n      ", conditions)}\n");
            if (rule.Withheld.Count > 0)
                yaml.Append($"    withhold: [{string.Join(", ", rule.Withheld.Select(type => ModelRule.PartNames[type]))}]\n");
            if (rule.SharesEnvelope)
                yaml.Append("    envelope: share\n");
        }

        return yaml.ToString();
    }
}
