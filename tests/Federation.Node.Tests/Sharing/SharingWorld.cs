using CsCheck;
using Federation.Node.Sharing;
using Federation.Protocol.Records;
using Federation.V1.Records;
using Parts = Federation.V1.Records.Part;

namespace Federation.Node.Tests.Sharing;

/// <summary>Generators of policies, records and recipients over a world small enough for collisions.</summary>
internal static class SharingWorld
{
    public static readonly string[] Ladder = ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"];

    public static readonly Dictionary<int, string> TypeNames = new()
    {
        [Parts.ImportSourceFieldNumber] = "import_source",
        [Parts.LinkFieldNumber] = "link",
        [Parts.IncidentSummaryFieldNumber] = "incident_summary",
        [Parts.IncidentReproductionFieldNumber] = "incident_reproduction",
        [Parts.FlawReproductionFieldNumber] = "flaw_reproduction",
        [Parts.AnnotationTargetFieldNumber] = "annotation_target",
        [Parts.AnnotationSeenFieldNumber] = "annotation_seen",
    };

    private static readonly InstituteId[] Institutes = [Facts.Us, Facts.Kr, Facts.Kr, Facts.Uk];
    private static readonly string[] GroupNames = ["network", "club", "nobody"];
    private static readonly long[] Times = [0, 0, 0, Facts.Now - 1, Facts.Now, Facts.Now + 1, Facts.Now + 70];
    private static readonly string[] Patterns = ["cyber", "cbrn", "cbrn.*", "cbrn.bio", "cbrn.bio.*", "loss-of-control"];

    private static readonly RecordKind[] Kinds =
    [
        RecordKind.Incident, RecordKind.Incident, RecordKind.Flaw, RecordKind.Annotation, RecordKind.Annotation, RecordKind.Model,
        RecordKind.Unspecified, (RecordKind)40,
    ];

    private static readonly Gen<InstituteId[]> AnyAudience = Gen.Frequency(
        (3, Gen.Const(Array.Empty<InstituteId>())), (2, Gen.OneOf(Institutes).Array[1, 2]));

    private static readonly Gen<string[]> AnyGroups = Gen.Frequency((4, Gen.Const(Array.Empty<string>())), (1, Gen.OneOf(GroupNames).Array[1, 2]));

    private static readonly Gen<RecordName[]> AnyReferences = Gen.Frequency(
        (2, Gen.Const(Array.Empty<RecordName>())),
        (3, Gen.Select(Gen.OneOf(Institutes), Gen.Int[1, 3], Facts.Name).Array[1, 2]));

    private static readonly Gen<Marking> AnyMarking =
        Gen.Frequency((14, Gen.Int[1, 4]), (3, Gen.Const(5)), (1, Gen.Int[-1, 7])).Select(marking => (Marking)marking);

    private static readonly Gen<PartFacts> AnyPart = Gen.Select(
        Gen.OneOf([.. TypeNames.Keys, 9_999]),
        Gen.Frequency((3, Gen.Const(Marking.Unspecified)), (2, AnyMarking)),
        Gen.OneOf(Times),
        Gen.Frequency((3, Gen.Const(false)), (1, Gen.Const(true))),
        AnyAudience,
        AnyGroups,
        AnyReferences,
        Gen.Frequency((5, Gen.Const(0)), (1, Gen.Int[1, 3])),
        (type, marking, release, own, audience, groups, references, onward) =>
            Facts.Part(type, marking, release, own ? audience : null, own ? groups : null, references).Saying((Onward)onward));

    private static readonly Gen<TraitWords> AnyHandling = Gen.Select(
        Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true))),
        Gen.Frequency((6, Gen.Const(true)), (1, Gen.Const(false))),
        Gen.Frequency((8, Gen.Int[1, 4]), (1, Gen.OneOf(0, 5, 40))),
        Gen.Frequency((8, Gen.Int[0, 2]), (1, Gen.Const(3))),
        Gen.Frequency((8, Gen.Int[0, 5]), (1, Gen.Const(9))),
        Gen.Frequency((8, Gen.Int[0, 3]), (1, Gen.Const(-2))),
        AnyGroups,
        (held, known, state, onward, actions, attribution, groups) => new TraitWords
        {
            Held = held,
            Known = known,
            State = (RecordState)state,
            Onward = (Onward)onward,
            Actions = (PermittedActions)actions,
            Attribution = (Attribution)attribution,
            Groups = groups,
        });

    public static Gen<TraitWords> AnyTraits { get; } = Gen.Select(
        AnyHandling,
        Gen.OneOf<int?>(null, 101, 102, 103, 104, 105, 201, 202, 203, 204, 205, 100, 106, 7),
        Gen.OneOf<int?>(null, 1, 2, 3, 4, 0, 5),
        Gen.OneOf("en", "en-GB", "EN-gb", "eng", "pt-BR", "pt", ""),
        Gen.OneOf<long?>(null, Facts.Now - 1, Facts.Now, Facts.Now + Facts.Day, Facts.Now + (2 * Facts.Day) - 1, Facts.Now + (2 * Facts.Day)),
        Gen.OneOf(0, Facts.Now - (30 * Facts.Day), Facts.Now - Facts.Hour, Facts.Now - Facts.Hour + 1, Facts.Now),
        (traits, severity, availability, language, issued, published) => traits with
        {
            Severity = severity,
            Availability = availability,
            Language = language,
            Issued = issued,
            Published = published,
        });

    public static Gen<Recipient> AnyRecipient { get; } = Gen.Select(
        Gen.OneOf(Facts.Kr, Facts.Kr, Facts.Uk),
        Gen.OneOf("network", "club").Array[0, 2],
        Gen.Frequency((4, Gen.Const(true)), (1, Gen.Const(false))),
        Gen.Frequency((4, Gen.Const(true)), (1, Gen.Const(false))),
        (institute, groups, fellow, takes) => new Recipient
        {
            Institute = institute,
            Groups = groups.ToHashSet(StringComparer.Ordinal),
            Fellows = fellow ? new SortedSet<InstituteId> { Facts.De } : new SortedSet<InstituteId>(),
            TakesForwarded = takes,
        });

    private static readonly Gen<EmbargoWords> AnyEmbargo = Gen.Frequency(
        (4, Gen.Const(EmbargoWords.None)),
        (1, Gen.Select(
            Gen.OneOf("", "2020-01-01", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2026-01-02"),
            Gen.OneOf("", "1h", "1d", "30d"),
            (until, after) => new EmbargoWords(until, after))));

    private static readonly Gen<PartWords> AnyPartWords = Gen.Select(
        Gen.OneOf([.. TypeNames.Values]), Gen.OneOf(Ladder), AnyEmbargo, (type, max, embargo) => new PartWords(type, max, embargo));

    private static readonly Gen<RuleWords> AnyMatter = Gen.Select(
        Words(["incident", "flaw", "annotation", "model"]),
        Words(["interim", "final", "withdrawn", "superseded"], rare: true),
        Gen.Frequency((8, Gen.Const("")), (1, Gen.OneOf(Ladder))),
        Gen.OneOf([.. Ladder, "", "", "", ""]),
        Words(Patterns),
        Words(Patterns),
        (kinds, states, min, max, topics, without) => new RuleWords
        {
            Kinds = kinds,
            States = states,
            MinMarking = min,
            MaxMarking = max,
            Topics = topics,
            WithoutTopics = without,
        });

    private static readonly Gen<RuleWords> AnyTraitTests = Gen.Select(
        AnyMatter,
        AnySeverity(),
        Words(["de", "us"], rare: true),
        Words(["en", "en-GB", "pt", "EN"], rare: true),
        Words(["open_weights", "closed_weights", "unreleased", "unknown"], rare: true),
        Gen.Frequency((9, Gen.Const(("", ""))), (1, Gen.Select(Gen.OneOf("", "2026-01-01", "2026-01-02"), Gen.OneOf("", "2026-01-02", "2026-01-03")))),
        (rule, severity, origins, languages, availability, issued) => rule with
        {
            Severity = severity,
            Origins = origins,
            Languages = languages,
            Availability = availability,
            IssuedFrom = issued.Item1,
            IssuedBefore = issued.Item2,
        });

    private static readonly Gen<RuleWords> AnyConditions = Gen.Select(
        AnyTraitTests,
        Words(["none", "community"], rare: true),
        Words(["none", "contact_for_instruction", "internally_visible_actions", "externally_visible_direct_actions"], rare: true),
        Words(["may", "must", "must_not"], rare: true),
        Gen.Frequency((4, Gen.Const(Array.Empty<string>())), (1, Gen.OneOf("kr", "uk", "us").Array[1, 2])),
        AnyGroups,
        (rule, onward, actions, attribution, institutes, groups) => rule with
        {
            Onward = onward,
            Actions = actions,
            Attribution = attribution,
            Institutes = institutes,
            Groups = groups,
        });

    public static Gen<RuleWords> AnyRule { get; } = Gen.Select(
        AnyConditions,
        Gen.Frequency((6, Gen.Const(false)), (1, Gen.Const(true))),
        Words([.. TypeNames.Values]),
        Gen.Bool,
        Gen.Bool,
        AnyEmbargo,
        Gen.Frequency(
            (2, Gen.Const(Array.Empty<PartWords>())),
            (1, AnyPartWords.Array[1, 2])),
        (rule, denies, withhold, shows, shares, embargo, parts) => (rule with
        {
            Denies = denies,
            Withhold = withhold,
            Shows = shows,
            SharesEnvelope = shares,
            Embargo = embargo,
            Parts = parts,
        }).Sane());

    public static Gen<PolicyWords> AnyPolicy { get; } = Gen.Select(
        Gen.OneOf([.. Ladder, "RED", "RED", "RED"]),
        AnyRule.Array[1, 4],
        (ceiling, rules) => new PolicyWords(ceiling, [.. rules.Select((rule, index) => rule with { Name = $"rule-{index}" })]));

    public static Gen<RecordFacts> AnyFacts { get; } = Gen.Select(
        Gen.OneOf(Kinds),
        AnyMarking,
        Gen.Frequency((9, Gen.Const(false)), (1, Gen.Const(true))),
        Gen.OneOf(Times),
        AnyAudience,
        Gen.OneOf("cyber", "cbrn", "cbrn.bio", "cbrn.bio.toxins", "cbrnx", "persuasion").Array[0, 2],
        AnyTraits,
        AnyPart.Array[0, 4],
        Facts.Record);

    private static Gen<(string Key, string Min, string Max)> AnySeverity()
    {
        string[] incident = ["", "hazard", "serious_hazard", "incident", "serious_incident", "disaster"];
        string[] flaw = ["", "negligible", "low", "medium", "high", "critical"];
        var range = Gen.Select(Gen.Bool, Gen.Int[0, 5], Gen.Int[0, 5], (ofFlaw, one, other) =>
        {
            var words = ofFlaw ? flaw : incident;
            var min = Math.Min(one, other);
            return (ofFlaw ? "flaw_severity" : "incident_severity", words[min], words[Math.Max(Math.Max(one, other), 1)]);
        });
        return Gen.Frequency((9, Gen.Const(("", "", ""))), (1, range));
    }

    private static Gen<string[]> Words(string[] words, bool rare = false) =>
        Gen.Frequency((rare ? 24 : 5, Gen.Const(Array.Empty<string>())), (2, Gen.OneOf(words).Array[1, 3]));
}
