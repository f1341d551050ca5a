using Federation.Simulation.World;
using Federation.V1.Records;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>One rule of a policy.</summary>
internal sealed record ModelRule(
    string Name,
    bool Denies,
    IReadOnlyList<RecordKind> Kinds,
    Marking MaxMarking,
    IReadOnlyList<string> Topics,
    IReadOnlyList<string> WithoutTopics,
    IReadOnlyList<Part.ContentOneofCase> Withheld,
    bool SharesEnvelope)
{
    /// <summary>The part types that rules withhold, with their names in policies.</summary>
    public static IReadOnlyDictionary<Part.ContentOneofCase, string> PartNames { get; } = new Dictionary<Part.ContentOneofCase, string>
    {
        [Part.ContentOneofCase.Link] = "link",
        [Part.ContentOneofCase.IncidentSummary] = "incident_summary",
        [Part.ContentOneofCase.IncidentHarm] = "incident_harm",
        [Part.ContentOneofCase.IncidentReproduction] = "incident_reproduction",
        [Part.ContentOneofCase.IncidentReporterContact] = "incident_reporter_contact",
    };

    private static readonly RecordKind[] s_kinds = [RecordKind.Incident, RecordKind.Practice, RecordKind.Annotation];

    public static ModelRule Draw(Rng rng, string name, bool denies)
    {
        List<RecordKind> kinds = rng.Chance(0.6) ? [] : [.. s_kinds.Where(_ => rng.Chance(0.6))];
        List<Part.ContentOneofCase> withheld = denies || (kinds.Count > 0 && !kinds.Contains(RecordKind.Incident))
            ? []
            : [.. PartNames.Keys.Where(_ => rng.Chance(0.25))];
        return new ModelRule(
            name,
            denies,
            kinds,
            denies || rng.Chance(0.6) ? Marking.Red : (Marking)(1 + rng.Below(5)),
            rng.Chance(denies ? 0.2 : 0.75) ? [] : [rng.Pick((string[])["cyber", "cyber.*", "persuasion"])],
            rng.Chance(0.75) ? [] : ["bio"],
            withheld,
            !denies && rng.Chance(0.3));
    }

    /// <summary>Whether the rule speaks of a record.</summary>
    public bool Matches(RecordKind kind, Envelope envelope) =>
        (Kinds.Count == 0 || Kinds.Contains(kind))
        && envelope.Marking <= MaxMarking
        && (Topics.Count == 0 || envelope.Topics.Any(topic => Topics.Any(pattern => Covers(pattern, topic))))
        && !envelope.Topics.Any(topic => WithoutTopics.Any(pattern => Covers(pattern, topic)));

    /// <summary>Whether whatever another rule speaks of is spoken of by this one too, as far as that can be told test by test.</summary>
    public bool CoversAllOf(ModelRule other) =>
        (Kinds.Count == 0 || (other.Kinds.Count > 0 && other.Kinds.All(Kinds.Contains)))
        && other.MaxMarking <= MaxMarking
        && (Topics.Count == 0 || (other.Topics.Count > 0 && other.Topics.All(topic => Topics.Any(pattern => pattern == topic || Covers(pattern, topic.Replace(".*", ""))))))
        && WithoutTopics.All(other.WithoutTopics.Contains);

    private static bool Covers(string pattern, string topic) => pattern.EndsWith(".*", StringComparison.Ordinal)
        ? topic == pattern[..^2] || topic.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : topic == pattern;
}
