using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>Reads the record of an example: what a policy can ask about, and what its author leaves out with a plain value.</summary>
internal sealed class ExampleRecordReader(AudienceReader audiences, PolicyFaults faults)
{
    private const string Language = "en";

    // 2026-01-01; any day would do.
    private const long DefaultPublishedMs = 1_767_225_600_000;

    private static readonly string[] Keys =
    [
        "kind", "state", "marking", "topics", "incident_severity", "flaw_severity", "origin", "language", "availability", "issued", "published", "onward",
        "permitted_actions", "attribution", "audience", "parts",
    ];

    private static readonly string[] PartKeys = ["type", "marking", "audience"];
    private static readonly InstituteId Own = InstituteId.Parse("own-institute");
    private static readonly RecordId Id = new(1);

    /// <summary>Reads a record; null, with a fault, if it is not understood.</summary>
    public RecordFacts? Read(PolicyNode node)
    {
        if (PolicyMapping.Open(node, "'record'", Keys, faults) is not { } record)
            return null;
        var kind = Word<RecordKind>(record, "kind", "kind", RecordKinds.Names, RecordKinds.TryParse);
        var marking = Word<Marking>(record, "marking", "marking", Markings.Names, Markings.TryParse);
        foreach (var key in new[] { "kind", "marking" })
        {
            if (record.Find(key) is null)
                faults.Add(node, $"the example's record has no '{key}'");
        }
        var origin = Word<InstituteId>(record, "origin", "institute", [], InstituteId.TryParse);
        var published = Moment(record, "published") ?? DefaultPublishedMs;
        return new RecordFacts
        {
            Origin = origin ?? Own,
            Own = origin is null,
            Id = Id,
            Kind = kind ?? RecordKind.Unspecified,
            Marking = marking ?? Marking.Unspecified,
            State = (RecordState)(Code(record, "state", Vocabulary.States) ?? (int)RecordState.Final),
            Draft = false,
            ReleaseMs = 0,
            Audience = audiences.Read(record.Find("audience")),
            Topics = ReadTopics(record),
            TraitsKnown = true,
            Severity = ReadSeverity(record, kind),
            Availability = OfKind(record, kind, RecordKind.Model, "availability") ? Code(record, "availability", Vocabulary.Availabilities) : null,
            Language = Word<LanguageRange>(record, "language", "language", [], LanguageRange.TryParse)?.ToString() ?? Language,
            IssuedMs = Moment(record, "issued") ?? published,
            Onward = (Onward)(Code(record, "onward", Vocabulary.Onward) ?? (int)Onward.None),
            PermittedActions = (PermittedActions)(Code(record, "permitted_actions", Vocabulary.PermittedActions) ?? (int)PermittedActions.None),
            Attribution = (Attribution)(Code(record, "attribution", Vocabulary.Attributions) ?? (int)Attribution.MustNot),
            PublishedMs = published,
            Parts = ReadParts(record.Find("parts"), kind),
        };
    }

    private int? ReadSeverity(PolicyMapping record, RecordKind? kind)
    {
        if (OfKind(record, kind, RecordKind.Incident, "incident_severity") && Code(record, "incident_severity", Vocabulary.IncidentSeverities) is { } incident)
            return RecordTraits.SeverityOf((IncidentSeverity)incident);
        if (OfKind(record, kind, RecordKind.Flaw, "flaw_severity") && Code(record, "flaw_severity", Vocabulary.FlawSeverities) is { } flaw)
            return RecordTraits.SeverityOf((FlawSeverity)flaw);
        return null;
    }

    private IReadOnlyList<string> ReadTopics(PolicyMapping record)
    {
        var list = PolicyValues.ReadList<TopicPattern>(record.Find("topics"), "topics", "topic", [], TopicPattern.TryParse, faults);
        foreach (var (item, topic) in list.Where(entry => entry.Value.WithBelow))
            faults.Add(item, $"a record has topics, not patterns such as {PolicyFaults.Quote(topic.ToString())}");
        return [.. list.Select(entry => entry.Value.ToString())];
    }

    private IReadOnlyList<PartFacts> ReadParts(PolicyNode? node, RecordKind? kind)
    {
        if (node is null || node.Shape == PolicyNode.NodeShape.Refused)
            return [];
        if (node.Shape != PolicyNode.NodeShape.List || node.Items.Count is 0 or > PolicyValues.MaxValues)
        {
            faults.Add(node, $"'parts' has to be a list of 1 to {PolicyValues.MaxValues} part types or mappings");
            return [];
        }
        return [.. node.Items.Select((item, index) => ReadPart(item, index, kind)).OfType<PartFacts>()];
    }

    private PartFacts? ReadPart(PolicyNode node, int index, RecordKind? kind)
    {
        var part = node.Shape == PolicyNode.NodeShape.Text ? null : PolicyMapping.Open(node, "a part", PartKeys, faults);
        var typeNode = node.Shape == PolicyNode.NodeShape.Text ? node : part?.Find("type");
        if (typeNode is null)
        {
            if (part is not null)
                faults.Add(node, "the part has no 'type'");
            return null;
        }
        if (!PolicyValues.TryReadWord<int>(typeNode, "part type", PartTypes.Names, PartTypes.TryGetType, faults, out var type))
            return null;
        if (kind is { } known && !PartTypes.MayOccurIn(type, known))
            faults.Add(typeNode, $"no record of the example's kind has a part '{typeNode.Text}'");
        return new PartFacts
        {
            Part = (ulong)index + 1,
            Type = type,
            Marking = part is null ? Marking.Unspecified : Word<Marking>(part, "marking", "marking", Markings.Names, Markings.TryParse) ?? Marking.Unspecified,
            ReleaseMs = 0,
            Audience = part?.Find("audience") is { } audience ? audiences.Read(audience) : null,
            // An annotation without a target is nothing that could be shared.
            References = type == Part.AnnotationTargetFieldNumber ? [new RecordName(Own, Id)] : [],
        };
    }

    private bool OfKind(PolicyMapping record, RecordKind? kind, RecordKind only, string key)
    {
        if (record.Find(key) is null)
            return false;
        if (kind is not null && kind != only)
            faults.Add(record.KeyNode(key), $"no record of the example's kind has '{key}'");
        return true;
    }

    private long? Moment(PolicyMapping record, string key) =>
        record.Find(key) is { } node && PolicyTime.TryReadMoment(node, key, faults, out var ms) ? ms : null;

    private int? Code(PolicyMapping record, string key, Vocabulary vocabulary) =>
        Word<int>(record, key, $"value of '{key}'", vocabulary.Words, vocabulary.TryParse);

    private T? Word<T>(PolicyMapping mapping, string key, string what, IReadOnlyList<string> known, PolicyValues.ValueParser<T> parser)
        where T : struct =>
        mapping.Find(key) is { } node && PolicyValues.TryReadWord(node, what, known, parser, faults, out var value) ? value : null;
}
