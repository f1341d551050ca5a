using System.Globalization;
using Federation.Node.Tests.Sharing;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf.Collections;
using Content = Federation.V1.Records.Part.ContentOneofCase;

namespace Federation.Node.Tests.Scenarios.Properties;

/// <summary>
/// What partners have to hold, from what publishers and operators did and nothing else: records, policies as their authors write them,
/// and groups. It knows no ledger, and shares no code with the node. Every embargo in it is long over or far away, so that it has no clock.
/// </summary>
internal sealed class SharingModel(string institute)
{
    private const int FarAwayYear = 2100;

    private static readonly string[] Ladder = ["", "CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"];
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

    private static readonly Dictionary<Content, string> Types = new()
    {
        [Content.ImportSource] = "import_source",
        [Content.Link] = "link",
        [Content.PracticeStatement] = "practice_statement",
        [Content.FlawSummary] = "flaw_summary",
        [Content.FlawReproduction] = "flaw_reproduction",
        [Content.IncidentSummary] = "incident_summary",
        [Content.IncidentReproduction] = "incident_reproduction",
        [Content.ModelDescription] = "model_description",
        [Content.ModelRisk] = "model_risk",
        [Content.AnnotationTarget] = "annotation_target",
        [Content.AnnotationBody] = "annotation_body",
        [Content.AnnotationSeen] = "annotation_seen",
    };

    public SortedDictionary<string, ModelRecord> Records { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, PolicyWords> Policies { get; } = [];

    public SortedDictionary<string, HashSet<string>> Groups { get; } = new(StringComparer.Ordinal);

    /// <summary>The records that a partner holds once everything is done, by id, in the form that compares.</summary>
    public SortedDictionary<string, string> Held(string partner)
    {
        var held = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var record in Records.Values)
        {
            if (Shown(partner, record) is { } parts)
                held.Add(record.Id, ViewText.Of(EnvelopeOf(record), parts.Select(part => part.Part)));
        }

        return held;
    }

    /// <summary>The parts that a partner sees of a record; null if it does not see the record.</summary>
    public IReadOnlyList<PartDraft>? Shown(string partner, ModelRecord record)
    {
        if (Own(partner, record) is not { } own)
            return null;
        if (record.Draft.Kind == RecordKind.Annotation && !record.Draft.Parts.All(part => part.Part.AnnotationTarget is null || MayBeNamed(partner, part.Part)))
            return null;
        return [.. own.Where(part => MayBeNamed(partner, part.Part) && (!record.ContentGone || part.Part.AnnotationTarget is not null))];
    }

    private static Envelope EnvelopeOf(ModelRecord record)
    {
        var envelope = record.Draft.Envelope.Clone();
        if (record.Withdrawn)
            (envelope.State, envelope.StateReason) = (RecordState.Withdrawn, "ERROR");
        return envelope;
    }

    // The parts that a partner may see apart from what they refer to; null if the record is hidden.
    private List<PartDraft>? Own(string partner, ModelRecord record)
    {
        var draft = record.Draft;
        if (record.Erased || draft.Draft || Holds(draft.EmbargoUntil) || !Policies.TryGetValue(partner, out var policy))
            return null;
        var marking = (int)draft.Envelope.Marking;
        var matching = policy.Rules.Where(rule => SpeaksFor(rule, partner) && SpeaksOf(rule, record)).ToList();
        if (!Admits(partner, marking, draft.Audience, policy) || matching.Count == 0 || matching.Exists(rule => rule.Denies || Holds(rule.Embargo)))
            return null;

        // A part whose content is gone still counts, so that whoever saw the record sees that it is withdrawn.
        var own = draft.Parts.Where(part => IsShown(part, record, matching, partner, policy)).ToList();
        return own.Count > 0 || draft.Parts.Count == 0 || matching.Exists(rule => rule.SharesEnvelope) ? own : null;
    }

    private bool IsShown(PartDraft part, ModelRecord record, List<RuleWords> allowing, string partner, PolicyWords policy)
    {
        var type = Types[part.Part.ContentCase];
        var marking = Math.Max((int)part.Part.Marking, (int)record.Draft.Envelope.Marking);
        var handlings = allowing.SelectMany(rule => rule.Parts).Where(handling => handling.Type == type);
        return Admits(partner, marking, part.Audience.Count > 0 ? part.Audience : record.Draft.Audience, policy)
            && !Holds(part.EmbargoUntil)
            && !allowing.Exists(rule => rule.Withhold.Contains(type))
            && (type != "import_source" || allowing.Exists(rule => rule.Shows))
            && handlings.All(handling => marking <= Array.IndexOf(Ladder, handling.MaxMarking) && !Holds(handling.Embargo))
            && (type != "annotation_seen" || record.Draft.Parts.All(other => other.Part.AnnotationTarget is not { } target || target.Target.Origin == partner));
    }

    private bool MayBeNamed(string partner, Part part)
    {
        if ((part.Link?.Target ?? part.AnnotationTarget?.Target) is not { } target || target.Origin == partner)
            return true;
        return target.Origin == institute
            && Records.TryGetValue(target.RecordId, out var record) && record.Draft.Kind != RecordKind.Annotation && Own(partner, record) is not null;
    }

    private bool Admits(string partner, int marking, RepeatedField<string> audience, PolicyWords policy) =>
        marking <= Array.IndexOf(Ladder, policy.Ceiling)
        && (marking < (int)Marking.Red || audience.Contains(partner))
        && (audience.Count == 0 || audience.Contains(partner)
            || audience.Any(word => word.StartsWith("group:", StringComparison.Ordinal) && IsIn(partner, word[6..])));

    private bool IsIn(string partner, string group) => Groups.TryGetValue(group, out var members) && members.Contains(partner);

    private bool SpeaksFor(RuleWords rule, string partner) =>
        rule.Institutes.Length + rule.Groups.Length == 0 || rule.Institutes.Contains(partner) || rule.Groups.Any(group => IsIn(partner, group));

    private bool SpeaksOf(RuleWords rule, ModelRecord record)
    {
        var (draft, envelope) = (record.Draft, EnvelopeOf(record));
        var marking = (int)envelope.Marking;
        return IsOneOf(rule.Kinds, $"{draft.Kind}".ToLowerInvariant())
            && IsOneOf(rule.Origins, institute)
            && IsOneOf(rule.States, States[(int)envelope.State])
            && (rule.MinMarking.Length == 0 || marking >= Array.IndexOf(Ladder, rule.MinMarking))
            && (rule.MaxMarking.Length == 0 || marking <= Array.IndexOf(Ladder, rule.MaxMarking))
            && (rule.Topics.Length == 0 || envelope.Topics.Any(topic => rule.Topics.Any(pattern => IsMeant(pattern, topic))))
            && !envelope.Topics.Any(topic => rule.WithoutTopics.Any(pattern => IsMeant(pattern, topic)))
            && HasSeverity(rule.Severity, draft)
            && (rule.Languages.Length == 0 || rule.Languages.Any(range => IsOf(range, envelope.Language)))
            && (rule.Availability.Length == 0 || draft.Parts.Any(part => part.Part.ModelDescription is { Availability: > 0 } model
                && rule.Availability.Contains(Availabilities[(int)model.Availability])))
            && IsIssued(rule, envelope.Issued)
            && IsOneOf(rule.Onward, Onwards[(int)envelope.Onward])
            && IsOneOf(rule.Actions, Actions[(int)envelope.PermittedActions])
            && IsOneOf(rule.Attribution, Attributions[(int)envelope.Attribution]);
    }

    private static bool IsOneOf(string[] words, string word) => words.Length == 0 || words.Contains(word);

    private static bool HasSeverity((string Key, string Min, string Max) range, RecordDraft draft)
    {
        if (range.Key.Length == 0)
            return true;
        var ofFlaw = range.Key == "flaw_severity";
        var places = draft.Parts.Select(part => ofFlaw ? (int?)part.Part.FlawSummary?.Severity : (int?)part.Part.IncidentSummary?.Severity);
        var place = places.Max() ?? 0;
        var scale = ofFlaw ? Flaws : Incidents;
        return place > 0
            && (range.Min.Length == 0 || place >= Array.IndexOf(scale, range.Min))
            && (range.Max.Length == 0 || place <= Array.IndexOf(scale, range.Max));
    }

    private static bool IsIssued(RuleWords rule, PreciseDate? issued)
    {
        if (rule.IssuedFrom.Length + rule.IssuedBefore.Length == 0)
            return true;
        if (issued is null)
            return false;
        var day = $"{issued.Year:D4}-{issued.Month:D2}-{issued.Day:D2}";
        return string.CompareOrdinal(day, rule.IssuedFrom) >= 0 && (rule.IssuedBefore.Length == 0 || string.CompareOrdinal(day, rule.IssuedBefore) < 0);
    }

    private static bool IsOf(string range, string tag) => (tag + "-").StartsWith(range + "-", StringComparison.OrdinalIgnoreCase);

    private static bool IsMeant(string pattern, string topic) =>
        pattern.EndsWith(".*", StringComparison.Ordinal) ? (topic + ".").StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern == topic;

    private static bool Holds(Google.Protobuf.WellKnownTypes.Timestamp? embargo) => embargo is not null && embargo.ToDateTime().Year >= FarAwayYear;

    // No record in these worlds is as old as any span after its publication.
    private static bool Holds(EmbargoWords embargo) =>
        embargo.After.Length > 0 || (embargo.Until.Length > 0 && int.Parse(embargo.Until[..4], CultureInfo.InvariantCulture) >= FarAwayYear);
}
