using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>Reads the conditions of a rule into their normal form.</summary>
internal sealed class ConditionsReader(PolicyMapping? conditions, bool denies, Marking ceiling, AudienceReader audiences, PolicyFaults faults)
{
    /// <summary>The conditions' keys.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        "kinds", "states", "min_marking", "max_marking", "topics", "without_topics", "incident_severity", "flaw_severity", "origins", "languages",
        "availability", "issued", "onward", "permitted_actions", "attribution",
    ];

    private List<RecordKind> _kinds = [];

    /// <summary>Reads them all; the answer counts only if no fault was added.</summary>
    public RuleConditions Read()
    {
        var kinds = Values<RecordKind>("kinds", "kind", RecordKinds.Names, RecordKinds.TryParse).Distinct().Order().ToList();
        _kinds = kinds.Count == RecordKinds.All.Count ? [] : kinds;
        var (min, max) = ReadMarkings();
        var topics = ReadTopics("topics");
        var without = ReadTopics("without_topics");
        if (topics.Length > 0 && topics.All(topic => without.Any(other => other.Covers(topic))))
            faults.Add(conditions!.KeyNode("topics"), "the rule matches nothing: 'without_topics' excludes every one of its 'topics'");
        return new RuleConditions
        {
            Kinds = _kinds,
            States = ReadCodes("states", "state", Vocabulary.States, always: true),
            MinMarking = min,
            MaxMarking = max,
            Topics = topics,
            WithoutTopics = without,
            Severity = ReadSeverity(),
            Origins = audiences.ReadInstitutes(conditions?.Find("origins"), "origins"),
            Languages = ReadLanguages(),
            Availability = ReadAvailability(),
            Issued = ReadIssued(),
            Onward = ReadCodes("onward", "value of 'onward'", Vocabulary.Onward, always: true),
            PermittedActions = ReadCodes("permitted_actions", "value of 'permitted_actions'", Vocabulary.PermittedActions, always: true),
            Attribution = ReadCodes("attribution", "value of 'attribution'", Vocabulary.Attributions, always: true),
        };
    }

    private (Marking Min, Marking Max) ReadMarkings()
    {
        var max = ReadMarking("max_marking") ?? Marking.Red;
        var min = ReadMarking("min_marking") ?? Marking.Clear;
        // Whoever writes this means to keep back what is marked higher; read literally it would do the opposite.
        if (denies && conditions?.Find("max_marking") is not null)
        {
            faults.Add(
                conditions.KeyNode("max_marking"),
                "'max_marking' in a deny rule would deny what is marked lower; to deny what is marked higher use 'min_marking'");
        }
        if (min > max)
            faults.Add(conditions!.KeyNode("min_marking"), "the rule matches nothing: its 'min_marking' is above its 'max_marking'");
        else if (!denies && ceiling != Marking.Unspecified && min > ceiling)
            faults.Add(conditions!.KeyNode("min_marking"), "the rule allows nothing: its 'min_marking' is above the policy's ceiling");
        return (min, max);
    }

    private Marking? ReadMarking(string key) =>
        conditions?.Find(key) is { } node && PolicyValues.TryReadWord(node, "marking", Markings.Names, Markings.TryParse, faults, out Marking marking)
            ? marking
            : null;

    private TopicPattern[] ReadTopics(string key)
    {
        var patterns = Values<TopicPattern>(key, "topic", [], TopicPattern.TryParse).Distinct().ToList();
        var needed = patterns.Where(pattern => !patterns.Exists(other => other != pattern && other.Covers(pattern)));
        return [.. needed.OrderBy(pattern => pattern.ToString(), StringComparer.Ordinal)];
    }

    private LanguageRange[] ReadLanguages()
    {
        var ranges = Values<LanguageRange>("languages", "language", [], LanguageRange.TryParse).Distinct().ToList();
        var needed = ranges.Where(range => !ranges.Exists(other => other != range && other.Covers(range)));
        return [.. needed.OrderBy(range => range.ToString(), StringComparer.Ordinal)];
    }

    private CodeSet ReadAvailability()
    {
        CheckKind("availability", RecordKind.Model, "an availability");
        return ReadCodes("availability", "availability", Vocabulary.Availabilities, always: false);
    }

    // Where every record has a value, a denial of all values is one of every record, values that nobody knows included.
    private CodeSet ReadCodes(string key, string what, Vocabulary vocabulary, bool always)
    {
        var codes = CodeSet.Of(Values<int>(key, what, vocabulary.Words, vocabulary.TryParse));
        return denies && always && codes == vocabulary.All ? default : codes;
    }

    private ValueRange? ReadSeverity()
    {
        CheckKind("incident_severity", RecordKind.Incident, "an incident's severity");
        CheckKind("flaw_severity", RecordKind.Flaw, "a flaw's severity");
        var incident = ReadScale("incident_severity", Vocabulary.IncidentSeverities, RecordTraits.SeverityOf(IncidentSeverity.Unspecified));
        var flaw = ReadScale("flaw_severity", Vocabulary.FlawSeverities, RecordTraits.SeverityOf(FlawSeverity.Unspecified));
        if (incident is not null && flaw is not null)
        {
            faults.Add(
                conditions!.KeyNode("flaw_severity"),
                "the rule matches nothing: no record has a severity on both scales; write a rule for incidents and one for flaws");
        }
        return incident ?? flaw;
    }

    private ValueRange? ReadScale(string key, Vocabulary scale, int zero)
    {
        if (conditions?.Find(key) is not { } node || PolicyMapping.Open(node, $"'{key}'", ["min", "max"], faults) is not { } range)
            return null;
        if (node.Entries.Count == 0)
            faults.Add(node, $"'{key}' is empty; leave the key out, or give 'min' or 'max'");
        var least = ReadBound(range, "min", scale) ?? 1;
        var most = ReadBound(range, "max", scale) ?? scale.Words.Count;
        if (least > most)
            faults.Add(range.KeyNode("min"), $"the rule matches nothing: the 'min' of its '{key}' is above the 'max'");
        return new ValueRange(zero + least, zero + most);
    }

    private int? ReadBound(PolicyMapping range, string key, Vocabulary scale) =>
        range.Find(key) is { } node && PolicyValues.TryReadWord<int>(node, "severity", scale.Words, scale.TryParse, faults, out var code) ? code : null;

    private ValueRange? ReadIssued()
    {
        if (conditions?.Find("issued") is not { } node || PolicyMapping.Open(node, "'issued'", ["from", "before"], faults) is not { } range)
            return null;
        if (node.Entries.Count == 0)
            faults.Add(node, "'issued' is empty; leave the key out, or give 'from' or 'before'");
        var from = range.Find("from") is { } first && PolicyTime.TryReadMoment(first, "from", faults, out var firstMs) ? firstMs : long.MinValue;
        var before = range.Find("before") is { } end && PolicyTime.TryReadMoment(end, "before", faults, out var endMs) ? endMs : long.MaxValue;
        if (from >= before)
            faults.Add(range.KeyNode("from"), "the rule matches nothing: 'from' is not earlier than 'before'");
        return new ValueRange(from, before == long.MaxValue ? before : before - 1);
    }

    private void CheckKind(string key, RecordKind kind, string what)
    {
        if (_kinds.Count > 0 && !_kinds.Contains(kind) && conditions?.Find(key) is not null)
            faults.Add(conditions.KeyNode(key), $"the rule matches nothing: no record of its kinds has {what}");
    }

    private IEnumerable<T> Values<T>(string key, string what, IReadOnlyList<string> known, PolicyValues.ValueParser<T> parser) =>
        PolicyValues.ReadList(conditions?.Find(key), key, what, known, parser, faults).Select(entry => entry.Value);
}
