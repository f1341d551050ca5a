using System.Text;
using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>
/// The observed partner's policies, and the many ways to write each. None of them ever shows a topic `closed`, a marking above AMBER, a
/// reporter's contact or a reproduction.
/// </summary>
internal static class PolicyText
{
    public const int Variants = 6;

    public const string ClosedTopic = "closed";

    /// <summary>Writes a variant; names and order come from the world's own draws, and mean nothing.</summary>
    public static string Write(int variant, Rng spelling, Func<string> name)
    {
        var withheld = variant == 3 ? "incident_reporter_contact, incident_reproduction, incident_harm" : "incident_reporter_contact, incident_reproduction";
        var rules = new List<string> { $"  - name: {name()}\n    deny:\n      topics: [\"{ClosedTopic}\"]\n" };
        if (variant == 2)
            rules.Add($"  - name: {name()}\n    deny:\n      topics: [\"bio\"]\n");
        if (spelling.Chance(0.5))
            rules.Add($"  - name: {name()}\n    deny:\n      topics: [\"never.used\"]\n");
        rules.Add(Allow(name(), "incident", withheld, variant == 5));
        if (variant != 4)
            rules.Add(Allow(name(), "practice", "", variant == 5));
        if (spelling.Chance(0.5))
            rules.Add($"  - name: {name()}\n    allow:\n      kinds: [annotation]\n");
        if (spelling.Chance(0.5))
            rules.Reverse();
        return new StringBuilder($"version: 1\nceiling: {(variant == 1 ? "GREEN" : "AMBER")}\nrules:\n").AppendJoin("", rules).ToString();
    }

    private static string Allow(string name, string kind, string withheld, bool envelope) =>
        $"  - name: {name}\n    allow:\n      kinds: [{kind}]\n"
        + (withheld.Length > 0 ? $"    withhold: [{withheld}]\n" : "")
        + (envelope ? "    envelope: share\n" : "");
}
