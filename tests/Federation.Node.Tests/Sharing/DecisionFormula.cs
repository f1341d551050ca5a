using System.Globalization;
using Federation.Node.Sharing;
using Federation.Protocol.Records;
using Federation.V1.Records;
using Parts = Federation.V1.Records.Part;

namespace Federation.Node.Tests.Sharing;

/// <summary>
/// The decision as the record model states it, written a second time: plainly, on the words of a policy instead of its compiled
/// form, and sharing no code with the engine.
/// </summary>
internal static class DecisionFormula
{
    private static readonly string[] States = ["", "interim", "final", "withdrawn", "superseded"];
    private static readonly string[] Availabilities = ["", "open_weights", "closed_weights", "unreleased", "unknown"];
    private static readonly string[] Onwards = ["none", "none", "community"];
    private static readonly string[] Attributions = ["must_not", "may", "must", "must_not"];
    private static readonly string[] Incidents = ["", "hazard", "serious_hazard", "incident", "serious_incident", "disaster"];
    private static readonly string[] Flaws = ["", "negligible", "low", "medium", "high", "critical"];

    private static readonly string[] Actions =
    [
        "none", "none", "contact_for_instruction", "internally_visible_actions", "externally_visible_indirect_actions",
        "externally_visible_direct_actions",
    ];

    /// <summary>The parts that the partner sees; null if it does not see the record.</summary>
    public static bool[]? Visible(PolicyWords policy, Recipient p, RecordFacts r, decimal now, Func<RecordName, bool> nameable)
    {
        string? kind = r.Kind switch
        {
            RecordKind.Incident => "incident",
            RecordKind.Flaw => "flaw",
            RecordKind.Annotation => "annotation",
            RecordKind.Model => "model",
            _ => null,
        };
        var matching = policy.Rules.Where(rule => kind is not null && SpeaksFor(rule, p) && Speaks(rule, kind, r)).ToArray();
        var allowing = matching.Where(rule => !rule.Denies).ToArray();
        var admitted = !r.Draft && now >= r.ReleaseMs
            && Admits(r.Marking, r.Audience, p) && Within(r.Marking, policy.Ceiling) && (IsFree(r.Audience) || IsNamed(r.Audience, p))
            && allowing.Length > 0 && allowing.Length == matching.Length
            && allowing.All(rule => now >= rule.Embargo.End(r.TraitsKnown, r.PublishedMs));
        // Only the community opens another institute's record here: in this world there are no grants.
        var passable = r.Own || (p.TakesForwarded && p.Institute != r.Origin && p.Fellows.Contains(r.Origin)
            && r.Onward == Onward.Community && ((int)r.Marking is 1 or 2));
        var targets = r.Parts.Where(part => part.Type == Parts.AnnotationTargetFieldNumber).SelectMany(part => part.References).ToArray();
        if (!admitted || !passable || (kind == "annotation" && !(targets.Length > 0 && targets.All(nameable))))
            return null;

        bool OwnSide(PartFacts part)
        {
            var effective = part.Marking == Marking.Unspecified ? r.Marking : (Marking)Math.Max((int)part.Marking, (int)r.Marking);
            var audience = part.Audience ?? r.Audience;
            var type = SharingWorld.TypeNames.GetValueOrDefault(part.Type);
            var handlings = allowing.SelectMany(rule => rule.Parts).Where(handling => handling.Type == type).ToArray();
            return (part.Marking == Marking.Unspecified || Enum.IsDefined(part.Marking))
                && Admits(effective, audience, p) && Within(effective, policy.Ceiling)
                && (IsFree(audience) || IsNamed(audience, p))
                && now >= part.ReleaseMs
                && (r.Own || ((int)effective <= 2 && ((int)part.Onward is 0 or 2)))
                && type is not null && !allowing.Any(rule => rule.Withhold.Contains(type))
                && (type != "import_source" || allowing.Any(rule => rule.Shows))
                && handlings.All(handling => Within(effective, handling.MaxMarking) && now >= handling.Embargo.End(r.TraitsKnown, r.PublishedMs))
                && (type != "annotation_seen" || (targets.Length > 0 && targets.All(target => target.Origin == p.Institute)));
        }
        var left = r.Parts.Count == 0 || r.Parts.Any(OwnSide) || allowing.Any(rule => rule.SharesEnvelope);
        return left ? [.. r.Parts.Select(part => OwnSide(part) && part.References.All(nameable))] : null;
    }

    /// <summary>Every moment at which time could change an answer.</summary>
    public static IEnumerable<long> Moments(PolicyWords policy, RecordFacts r) =>
        policy.Rules.Select(rule => rule.Embargo).Concat(policy.Rules.SelectMany(rule => rule.Parts).Select(part => part.Embargo))
            .Select(embargo => embargo.End(r.TraitsKnown, r.PublishedMs))
            .Where(end => end < long.MaxValue)
            .Select(end => (long)end)
            .Concat(r.Parts.Select(part => part.ReleaseMs))
            .Append(r.ReleaseMs);

    private static bool SpeaksFor(RuleWords rule, Recipient p) =>
        rule.Institutes.Length + rule.Groups.Length == 0 || rule.Institutes.Contains(p.Institute.ToString()) || rule.Groups.Any(p.Groups.Contains);

    private static bool Speaks(RuleWords rule, string kind, RecordFacts r)
    {
        bool Test(bool asked, string? word, Func<string, bool> passes) => !asked || (word switch { null => false, "?" => rule.Denies, _ => passes(word) });
        bool OneOf(string[] words, string? word) => Test(words.Length > 0, word, words.Contains);
        string? Known(string? word) => r.TraitsKnown ? word : "?";
        var severity = r.Severity switch
        {
            null => null,
            >= 101 and <= 105 => Incidents[r.Severity.Value - 100],
            >= 201 and <= 205 => Flaws[r.Severity.Value - 200],
            _ => "?",
        };
        var issued = r.IssuedMs?.ToString(CultureInfo.InvariantCulture);
        return (rule.Kinds.Length == 0 || rule.Kinds.Contains(kind))
            && (rule.Origins.Length == 0 ? rule.Denies || r.Own : rule.Origins.Contains(r.Origin.ToString()))
            && OneOf(rule.States, Word(States, (int)r.State))
            && (rule.MinMarking.Length == 0 || !Within(r.Marking, rule.MinMarking) || (int)r.Marking == Rank(rule.MinMarking))
            && (rule.MaxMarking.Length == 0 || Within(r.Marking, rule.MaxMarking))
            && (rule.Topics.Length == 0 || r.Topics.Any(topic => rule.Topics.Any(pattern => IsMeant(pattern, topic))))
            && !r.Topics.Any(topic => rule.WithoutTopics.Any(pattern => IsMeant(pattern, topic)))
            && Test(rule.Severity.Key.Length > 0 && rule.Severity.Max.Length > 0, Known(severity), word => InScale(rule.Severity, word))
            && Test(rule.Languages.Length > 0, Known(r.Language.Length == 0 ? null : r.Language), tag => rule.Languages.Any(range => IsOf(range, tag)))
            && OneOf(rule.Availability, Known(r.Availability is { } number ? Word(Availabilities, number) : null))
            && Test(rule.IssuedFrom.Length + rule.IssuedBefore.Length > 0, Known(issued), ms => IsIssued(rule, long.Parse(ms, CultureInfo.InvariantCulture)))
            && OneOf(rule.Onward, Word(Onwards, (int)r.Onward))
            && OneOf(rule.Actions, Known(Word(Actions, (int)r.PermittedActions)))
            && OneOf(rule.Attribution, Known(Word(Attributions, (int)r.Attribution)));
    }

    private static string Word(string[] words, int number) => number >= 0 && number < words.Length && words[number].Length > 0 ? words[number] : "?";

    private static bool InScale((string Key, string Min, string Max) range, string word)
    {
        var scale = range.Key == "incident_severity" ? Incidents : Flaws;
        var place = Array.IndexOf(scale, word);
        return place >= Math.Max(1, Array.IndexOf(scale, range.Min)) && place <= Array.IndexOf(scale, range.Max);
    }

    private static bool IsIssued(RuleWords rule, long ms)
    {
        var moment = DateTimeOffset.FromUnixTimeMilliseconds(ms);
        return (rule.IssuedFrom.Length == 0 || moment >= Read(rule.IssuedFrom)) && (rule.IssuedBefore.Length == 0 || moment < Read(rule.IssuedBefore));
    }

    private static DateTimeOffset Read(string day) => DateTimeOffset.Parse(day, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static bool IsOf(string range, string tag) => (tag + "-").StartsWith(range + "-", StringComparison.OrdinalIgnoreCase);

    private static bool IsMeant(string pattern, string topic) =>
        pattern.EndsWith(".*", StringComparison.Ordinal)
            ? (topic + ".").StartsWith(pattern[..^1], StringComparison.Ordinal)
            : pattern == topic;

    private static bool IsFree(Audience audience) => audience.Institutes.Count == 0 && audience.Groups.Count == 0;

    private static bool IsNamed(Audience audience, Recipient p) => audience.Institutes.Contains(p.Institute) || audience.Groups.Any(p.Groups.Contains);

    private static bool Admits(Marking marking, Audience audience, Recipient p) =>
        (int)marking is >= 1 and <= 5 && (marking != Marking.Red || audience.Institutes.Contains(p.Institute));

    private static bool Within(Marking marking, string highest) => (int)marking <= Rank(highest);

    private static int Rank(string marking) => Array.IndexOf(SharingWorld.Ladder, marking) + 1;
}
