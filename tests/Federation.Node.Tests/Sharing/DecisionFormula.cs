using CsCheck;
using Federation.Node.Sharing;
using Federation.Protocol.Records;
using Federation.V1.Records;
using Parts = Federation.V1.Records.Part;

namespace Federation.Node.Tests.Sharing;

/// <summary>
/// The decision as the record model states it, written a second time: plainly, on the words of a policy instead of its compiled
/// form, and sharing no code with the engine. With it, generators of policies and facts over a world small enough for collisions.
/// </summary>
internal static class DecisionFormula
{
    private static readonly string[] Ladder = ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"];
    private static readonly InstituteId[] Institutes = [Facts.Us, Facts.Kr, Facts.Kr, Facts.Uk];
    private static readonly long[] Times = [0, 0, 0, Facts.Now - 1, Facts.Now, Facts.Now + 1, Facts.Now + 70];
    private static readonly string[] Patterns = ["cyber", "cbrn", "cbrn.*", "cbrn.bio", "cbrn.bio.*", "loss-of-control"];

    private static readonly RecordKind[] Kinds =
        [RecordKind.Incident, RecordKind.Incident, RecordKind.Flaw, RecordKind.Annotation, RecordKind.Annotation, RecordKind.Unspecified, (RecordKind)40];

    private static readonly Dictionary<int, string> TypeNames = new()
    {
        [Parts.ImportSourceFieldNumber] = "import_source",
        [Parts.LinkFieldNumber] = "link",
        [Parts.IncidentSummaryFieldNumber] = "incident_summary",
        [Parts.IncidentReproductionFieldNumber] = "incident_reproduction",
        [Parts.AnnotationTargetFieldNumber] = "annotation_target",
        [Parts.AnnotationSeenFieldNumber] = "annotation_seen",
    };

    private static readonly Gen<InstituteId[]> AnyAudience = Gen.Frequency(
        (3, Gen.Const(Array.Empty<InstituteId>())), (2, Gen.OneOf(Institutes).Array[1, 2]));

    private static readonly Gen<RecordName[]> AnyReferences = Gen.Frequency(
        (2, Gen.Const(Array.Empty<RecordName>())),
        (3, Gen.Select(Gen.OneOf(Institutes), Gen.Int[1, 3], Facts.Name).Array[1, 2]));

    private static readonly Gen<Marking> AnyMarking =
        Gen.Frequency((9, Gen.Int[1, 5]), (3, Gen.Const(5)), (1, Gen.Int[-1, 7])).Select(marking => (Marking)marking);

    private static readonly Gen<PartFacts> AnyPart = Gen.Select(
        Gen.OneOf([.. TypeNames.Keys, 9_999]),
        Gen.Frequency((3, Gen.Const(Marking.Unspecified)), (2, AnyMarking)),
        Gen.OneOf(Times),
        Gen.Bool,
        AnyAudience,
        AnyReferences,
        (type, marking, release, own, audience, references) => Facts.Part(type, marking, release, own ? audience : null, references));

    public static Gen<RuleWords> AnyRule { get; } = Gen.Select(
        Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true))),
        Words(["incident", "flaw", "annotation", "model"]),
        Gen.OneOf([.. Ladder, ""]),
        Words(Patterns),
        Words(Patterns),
        Words([.. TypeNames.Values]),
        Gen.Bool,
        Gen.Bool,
        (denies, kinds, max, topics, without, withhold, shows, shares) => new RuleWords
        {
            Denies = denies,
            Kinds = kinds,
            MaxMarking = max,
            Topics = topics,
            WithoutTopics = without,
            Withhold = withhold,
            Shows = shows,
            SharesEnvelope = shares,
        }.Sane());

    public static Gen<PolicyWords> AnyPolicy { get; } = Gen.Select(
        Gen.OneOf([.. Ladder, "RED", "RED"]),
        AnyRule.Array[1, 4],
        (ceiling, rules) => new PolicyWords(ceiling, [.. rules.Select((rule, index) => rule with { Name = $"rule-{index}" })]));

    public static Gen<RecordFacts> AnyFacts { get; } = Gen.Select(
        Gen.OneOf(Kinds),
        AnyMarking,
        Gen.Frequency((9, Gen.Const(false)), (1, Gen.Const(true))),
        Gen.OneOf(Times),
        AnyAudience,
        Gen.OneOf("cyber", "cbrn", "cbrn.bio", "cbrn.bio.toxins", "cbrnx", "persuasion").Array[0, 2],
        AnyPart.Array[0, 4],
        Facts.Record);

    /// <summary>The parts that the partner sees; null if it does not see the record.</summary>
    public static bool[]? Visible(PolicyWords policy, InstituteId p, RecordFacts r, long now, Func<RecordName, bool> nameable)
    {
        var kind = r.Kind switch { RecordKind.Incident => "incident", RecordKind.Flaw => "flaw", RecordKind.Annotation => "annotation", _ => null };
        var matching = policy.Rules.Where(rule => kind is not null && Speaks(rule, kind, r)).ToArray();
        var admitted = !r.Draft && now >= r.ReleaseMs
            && Admits(r.Marking, r.Audience, p) && Within(r.Marking, policy.Ceiling) && (r.Audience.Count == 0 || r.Audience.Contains(p))
            && matching.Any(rule => !rule.Denies) && !matching.Any(rule => rule.Denies);
        var targets = r.Parts.Where(part => part.Type == Parts.AnnotationTargetFieldNumber).SelectMany(part => part.References).ToArray();
        if (!admitted || (kind == "annotation" && !(targets.Length > 0 && targets.All(nameable))))
            return null;

        var allowing = matching.Where(rule => !rule.Denies).ToArray();
        bool OwnSide(PartFacts part)
        {
            var effective = part.Marking == Marking.Unspecified ? r.Marking : (Marking)Math.Max((int)part.Marking, (int)r.Marking);
            var audience = part.Audience ?? r.Audience;
            var type = TypeNames.GetValueOrDefault(part.Type);
            return (part.Marking == Marking.Unspecified || Enum.IsDefined(part.Marking))
                && Admits(effective, audience, p) && Within(effective, policy.Ceiling)
                && (audience.Count == 0 || audience.Contains(p))
                && now >= part.ReleaseMs
                && type is not null && !allowing.Any(rule => rule.Withhold.Contains(type))
                && (type != "import_source" || allowing.Any(rule => rule.Shows))
                && (type != "annotation_seen" || (targets.Length > 0 && targets.All(target => target.Origin == p)));
        }
        var left = r.Parts.Count == 0 || r.Parts.Any(OwnSide) || allowing.Any(rule => rule.SharesEnvelope);
        return left ? [.. r.Parts.Select(part => OwnSide(part) && part.References.All(nameable))] : null;
    }

    private static bool Speaks(RuleWords rule, string kind, RecordFacts r) =>
        (rule.Kinds.Length == 0 || rule.Kinds.Contains(kind))
        && (rule.MaxMarking.Length == 0 || rule.Denies || Within(r.Marking, rule.MaxMarking))
        && (rule.Topics.Length == 0 || r.Topics.Any(topic => rule.Topics.Any(pattern => IsMeant(pattern, topic))))
        && !r.Topics.Any(topic => rule.WithoutTopics.Any(pattern => IsMeant(pattern, topic)));

    private static bool IsMeant(string pattern, string topic) =>
        pattern.EndsWith(".*", StringComparison.Ordinal)
            ? (topic + ".").StartsWith(pattern[..^1], StringComparison.Ordinal)
            : pattern == topic;

    private static bool Admits(Marking marking, IReadOnlyList<InstituteId> audience, InstituteId p) =>
        (int)marking is >= 1 and <= 5 && (marking != Marking.Red || audience.Contains(p));

    private static bool Within(Marking marking, string highest) => (int)marking <= Array.IndexOf(Ladder, highest) + 1;

    private static Gen<string[]> Words(string[] words) =>
        Gen.Frequency((3, Gen.Const(Array.Empty<string>())), (2, Gen.OneOf(words).Array[1, 3]));
}
