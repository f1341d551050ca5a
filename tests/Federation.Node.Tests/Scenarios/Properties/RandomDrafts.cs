using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Federation.Node.Tests.Scenarios.Properties;

/// <summary>Draws small records: few values of everything that sharing looks at, so that they meet.</summary>
internal sealed class RandomDrafts(Random random, SharingModel model, string institute, IReadOnlyList<string> institutes)
{
    public static readonly string[] Groups = ["network", "club"];

    private static readonly Timestamp[] Embargoes =
    [
        Timestamp.FromDateTimeOffset(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        Timestamp.FromDateTimeOffset(new DateTimeOffset(2999, 1, 1, 0, 0, 0, TimeSpan.Zero)),
    ];

    private static readonly RecordKind[] Kinds =
    [
        RecordKind.Practice, RecordKind.Flaw, RecordKind.Flaw, RecordKind.Incident, RecordKind.Incident, RecordKind.Model, RecordKind.Annotation,
    ];

    /// <summary>A new record.</summary>
    public RecordDraft New()
    {
        var kind = Pick(Kinds);
        var draft = kind == RecordKind.Annotation && Targets().Count == 0 ? Of(RecordKind.Practice) : Of(kind);
        draft.Draft = random.Next(10) == 0;
        // Drawn here, so that a seed makes the same world again.
        draft.RecordId = NewId();
        return draft;
    }

    /// <summary>Another content for a record: all of it drawn again, or one thing alone.</summary>
    public RecordDraft Revised(ModelRecord record)
    {
        var fresh = Of(record.Draft.Kind);
        fresh.Draft = record.Draft.Draft && random.Next(3) > 0;
        if (random.Next(3) == 0)
            return fresh;
        var draft = record.Draft.Clone();
        draft.Draft = fresh.Draft;
        switch (random.Next(5))
        {
            case 0:
                draft.Envelope = fresh.Envelope;
                break;
            case 1:
                draft.Audience.Clear();
                draft.Audience.AddRange(fresh.Audience);
                break;
            case 2:
                draft.EmbargoUntil = fresh.EmbargoUntil;
                draft.Labels.Add($"label-{draft.Labels.Count % 30}");
                break;
            default:
                draft.Parts.Clear();
                draft.Parts.AddRange(fresh.Parts);
                break;
        }

        KeepAboveTarget(draft);
        return draft;
    }

    private string NewId()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        var hex = Convert.ToHexStringLower(bytes);
        return $"{hex[..8]}-{hex[8..12]}-4{hex[13..16]}-8{hex[17..20]}-{hex[20..]}";
    }

    private RecordDraft Of(RecordKind kind)
    {
        var draft = new RecordDraft { Kind = kind, Envelope = NewEnvelope() };
        draft.Audience.AddRange(NewAudience(emptyIn: 3));
        if (random.Next(8) == 0)
            draft.EmbargoUntil = Pick(Embargoes);
        foreach (var (key, part) in Contents(kind))
        {
            var handled = new PartDraft { Key = key, Part = part };
            if (random.Next(4) == 0)
                part.Marking = NewMarking();
            if (random.Next(5) == 0)
                handled.Audience.AddRange(NewAudience(emptyIn: 0));
            if (random.Next(8) == 0)
                handled.EmbargoUntil = Pick(Embargoes);
            draft.Parts.Add(handled);
        }

        KeepAboveTarget(draft);
        return draft;
    }

    // An annotation is marked at least as high as what it is about.
    private void KeepAboveTarget(RecordDraft draft)
    {
        foreach (var part in draft.Parts)
        {
            if (part.Part.AnnotationTarget is { } about && model.Records.TryGetValue(about.Target.RecordId, out var target))
                draft.Envelope.Marking = (Marking)Math.Max((int)draft.Envelope.Marking, (int)target.Draft.Envelope.Marking);
        }
    }

    private Envelope NewEnvelope()
    {
        var envelope = new Envelope
        {
            Title = $"title {random.Next(4)}",
            Language = Pick(["en", "en", "en-GB", "pt", ""]),
            State = Pick([RecordState.Interim, RecordState.Final, RecordState.Final, RecordState.Superseded]),
            Marking = NewMarking(),
            Onward = Pick([Onward.Unspecified, Onward.None, Onward.Community]),
            PermittedActions = (PermittedActions)random.Next(6),
            Attribution = (Attribution)random.Next(4),
        };
        if (random.Next(3) > 0)
            envelope.Issued = new PreciseDate { Year = 2025, Month = random.Next(1, 4), Day = 1, Precision = DatePrecision.Day };
        envelope.Topics.AddRange(Pick<string[]>([[], ["cyber"], ["cbrn"], ["cbrn.bio"], ["persuasion", "cyber"]]));
        return envelope;
    }

    private IEnumerable<(string Key, Part Part)> Contents(RecordKind kind)
    {
        foreach (var content in OwnContents(kind))
        {
            if (content.Part.AnnotationTarget is not null || random.Next(5) > 0)
                yield return content;
        }

        if (random.Next(5) == 0)
            yield return ("source", new Part { ImportSource = new ImportSource { Format = "osv", ExternalId = $"id-{random.Next(3)}" } });
        if (random.Next(3) == 0 && model.Records.Count > 0)
            yield return ("link", new Part { Link = new Link { Type = LinkType.DerivedFrom, Target = Reference(Pick([.. model.Records.Keys])) } });
        if (random.Next(8) == 0)
            yield return ("abroad", new Part { Link = new Link { Type = LinkType.SimilarTo, Target = Abroad() } });
    }

    private IEnumerable<(string Key, Part Part)> OwnContents(RecordKind kind)
    {
        var text = $"text {random.Next(4)}";
        return kind switch
        {
            RecordKind.Flaw =>
            [
                ("summary", new Part { FlawSummary = new FlawSummary { Description = text, Severity = (FlawSeverity)random.Next(6) } }),
                ("steps", new Part { FlawReproduction = new FlawReproduction { Prerequisites = text } }),
            ],
            RecordKind.Incident =>
            [
                ("summary", new Part { IncidentSummary = new IncidentSummary { Description = text, Severity = (IncidentSeverity)random.Next(6) } }),
                ("steps", new Part { IncidentReproduction = new IncidentReproduction { Prerequisites = text } }),
            ],
            RecordKind.Model =>
            [
                ("description", new Part { ModelDescription = new ModelDescription { Name = text, Availability = (ModelAvailability)random.Next(5) } }),
                ("risk", new Part { ModelRisk = new ModelRisk { Statement = text } }),
            ],
            RecordKind.Annotation =>
            [
                ("target", new Part { AnnotationTarget = new AnnotationTarget { Target = Target(), Kind = AnnotationKind.Note } }),
                ("body", new Part { AnnotationBody = new AnnotationBody { Text = text } }),
                ("seen", new Part { AnnotationSeen = new AnnotationSeen { StatementHash = ByteString.CopyFrom(new byte[32]) } }),
            ],
            _ => [("text", new Part { PracticeStatement = new PracticeStatement { Topic = "publication", Text = text } })],
        };
    }

    private List<string> Targets() => [.. model.Records.Values.Where(record => record.Draft.Kind != RecordKind.Annotation).Select(record => record.Id)];

    private RecordReference Target() => Targets() is { Count: > 0 } targets && random.Next(4) > 0 ? Reference(Pick(targets)) : Abroad();

    private RecordReference Reference(string record) => Drafts.Reference(institute, record);

    // Records of partners, none of which is here.
    private RecordReference Abroad() => Drafts.Reference(Pick(institutes), $"00000000-0000-4000-8000-00000000000{random.Next(3)}");

    private Marking NewMarking() =>
        Pick([Marking.Clear, Marking.Clear, Marking.Green, Marking.Green, Marking.Green, Marking.Amber, Marking.Amber, Marking.AmberStrict, Marking.Red]);

    private string[] NewAudience(int emptyIn) => random.Next(emptyIn + 2) switch
    {
        0 => [Pick(institutes)],
        1 => random.Next(2) == 0 ? [$"group:{Pick(Groups)}"] : [$"group:{Pick(Groups)}", Pick(institutes)],
        _ => [],
    };

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
