using Federation.Protocol.Records;
using Federation.Simulation.World;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf.WellKnownTypes;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>Makes records and changes them at random; what it makes is always valid, except where an annotation outgrows its target.</summary>
internal sealed class DraftMaker(Rng rng, SwarmPlan plan, string institute, IReadOnlyList<string> others, Func<TimeSpan> now)
{
    private static readonly string[] s_topics = ["cyber", "cyber.malware", "persuasion", "bio"];
    private int _count;

    /// <summary>A new record; those it may refer to are given.</summary>
    public RecordDraft New(IReadOnlyList<RecordName> known)
    {
        var kind = rng.Below(10) switch
        {
            < 6 => RecordKind.Incident,
            < 8 => RecordKind.Practice,
            _ => plan.Annotations && known.Count > 0 ? RecordKind.Annotation : RecordKind.Incident,
        };
        var draft = new RecordDraft
        {
            Kind = kind,
            Envelope = new Envelope { Title = Text("title"), Language = "en", State = RecordState.Interim, Marking = Mark() },
            Draft = plan.Drafts && rng.Chance(0.15),
            RecordId = new RecordId(new UInt128(rng.Next(), rng.Next())).ToString(),
        };
        if (kind == RecordKind.Annotation)
            draft.Envelope.Marking = rng.Chance(0.5) ? Marking.Red : Marking.AmberStrict;
        draft.Envelope.Topics.AddRange(s_topics.Where(_ => rng.Chance(0.35)));
        if (plan.Forwardable && rng.Chance(0.3))
            draft.Envelope.Onward = Onward.Community;
        Address(draft);
        switch (kind)
        {
            case RecordKind.Incident:
                AddIncident(draft, known);
                break;
            case RecordKind.Practice:
                AddPart(draft, "statement", new Part { PracticeStatement = Practice(known) });
                break;
            default:
                AddAnnotation(draft, known);
                break;
        }

        return draft;
    }

    /// <summary>Another version: a part's text, its handling, the envelope, the audience, the embargo.</summary>
    public RecordDraft Revised(RecordDraft before, IReadOnlyList<RecordName> known)
    {
        var draft = before.Clone();
        draft.RecordId = "";
        draft.ChangeSummary = Text("change");
        draft.Draft &= rng.Chance(0.3);
        for (var change = 1 + rng.Below(2); change > 0; change--)
            Change(draft, known);
        return draft;
    }

    private string Text(string what)
    {
        var length = plan.Large && what is not ("title" or "change") && rng.Chance(0.05) ? 4000 + rng.Below(16_000) : 10 + rng.Below(120);
        return $"{institute} {what} {++_count} ".PadRight(length, (char)('a' + rng.Below(26)));
    }

    private void Change(RecordDraft draft, IReadOnlyList<RecordName> known)
    {
        switch (rng.Below(7))
        {
            case 0:
                draft.Envelope.Title = Text("title");
                break;
            case 1 when plan.Markings && draft.Kind != RecordKind.Annotation:
                draft.Envelope.Marking = Mark();
                break;
            case 2 when plan.Audiences || plan.Embargoes:
                Address(draft);
                break;
            case 3 when draft.Kind == RecordKind.Incident:
                AddPart(draft, $"harm{rng.Below(4)}", new Part { IncidentHarm = new IncidentHarm { Statement = Text("harm") } });
                break;
            case 4 when plan.References && draft.Kind == RecordKind.Incident && known.Count > 0:
                AddPart(draft, "link", LinkTo(known));
                break;
            case 5 when draft.Parts.Count > 1 && draft.Kind == RecordKind.Incident:
                draft.Parts.RemoveAt(1 + rng.Below(draft.Parts.Count - 1));
                break;
            default:
                Rewrite(draft);
                break;
        }
    }

    private void Rewrite(RecordDraft draft)
    {
        if (draft.Parts.Count == 0)
            return;
        var part = rng.Pick(draft.Parts).Part;
        switch (part.ContentCase)
        {
            case Part.ContentOneofCase.IncidentSummary:
                part.IncidentSummary.Description = Text("summary");
                break;
            case Part.ContentOneofCase.IncidentReproduction:
                part.IncidentReproduction.Prerequisites = Text("steps");
                break;
            case Part.ContentOneofCase.IncidentReporterContact:
                part.IncidentReporterContact.Relationship = Text("contact");
                break;
            case Part.ContentOneofCase.PracticeStatement:
                part.PracticeStatement.Text = Text("practice");
                break;
            case Part.ContentOneofCase.AnnotationBody:
                part.AnnotationBody.Text = Text("note");
                break;
        }
    }

    private void AddIncident(RecordDraft draft, IReadOnlyList<RecordName> known)
    {
        AddPart(draft, "summary", new Part { IncidentSummary = new IncidentSummary { Description = Text("summary") } });
        for (var harm = rng.Below(3); harm > 0; harm--)
            AddPart(draft, $"harm{harm}", new Part { IncidentHarm = new IncidentHarm { Statement = Text("harm") } });
        if (rng.Chance(0.5))
            AddPart(draft, "steps", new Part { IncidentReproduction = new IncidentReproduction { Prerequisites = Text("steps") } });
        if (rng.Chance(0.4))
            AddPart(draft, "contact", new Part { IncidentReporterContact = new IncidentReporterContact { Relationship = Text("contact") } });
        if (plan.References && known.Count > 0 && rng.Chance(0.4))
            AddPart(draft, "link", LinkTo(known));
    }

    private void AddAnnotation(RecordDraft draft, IReadOnlyList<RecordName> known)
    {
        var target = ReferenceTo(rng.Pick(known));
        AddPart(draft, "target", new Part { AnnotationTarget = new AnnotationTarget { Target = target, Kind = AnnotationKind.Note } });
        AddPart(draft, "body", new Part { AnnotationBody = new AnnotationBody { Text = Text("note") } });
        if (rng.Chance(0.4))
            AddPart(draft, "seen", new Part { AnnotationSeen = new AnnotationSeen { StatementHash = Google.Protobuf.ByteString.CopyFromUtf8(Text("seen")) } });
    }

    private void AddPart(RecordDraft draft, string key, Part content)
    {
        if (plan.Markings && rng.Chance(0.3))
            content.Marking = (Marking)(1 + rng.Below(5));
        var part = new PartDraft { Key = key, Part = content };
        if (plan.Audiences && rng.Chance(0.15))
            part.Audience.AddRange(others.Where(_ => rng.Chance(0.5)));
        if (plan.Embargoes && rng.Chance(0.2))
            part.EmbargoUntil = Embargo();
        var index = draft.Parts.ToList().FindIndex(old => old.Key == key);
        if (index < 0)
            draft.Parts.Add(part);
        else
            draft.Parts[index] = part;
    }

    private void Address(RecordDraft draft)
    {
        draft.Audience.Clear();
        if (draft.Envelope.Marking == Marking.Red || (plan.Audiences && rng.Chance(0.25)))
            draft.Audience.AddRange(others.Where(_ => rng.Chance(0.6)));
        draft.EmbargoUntil = plan.Embargoes && rng.Chance(0.25) ? Embargo() : null;
    }

    private Timestamp Embargo()
    {
        var far = rng.Chance(0.15) ? TimeSpan.FromDays(3) : TimeSpan.Zero;
        return Timestamp.FromDateTimeOffset(SimWorld.Origin + now() + far + rng.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60)));
    }

    private Marking Mark() => plan.Markings ? (Marking)(1 + rng.Below(5)) : Marking.Green;

    private PracticeStatement Practice(IReadOnlyList<RecordName> known)
    {
        var statement = new PracticeStatement { Topic = Text("topic"), Text = Text("practice") };
        if (plan.References && known.Count > 0 && rng.Chance(0.3))
            statement.Examples.Add(ReferenceTo(rng.Pick(known)));
        return statement;
    }

    private Part LinkTo(IReadOnlyList<RecordName> known) => new() { Link = new Link { Type = LinkType.DuplicateOf, Target = ReferenceTo(rng.Pick(known)) } };

    private static RecordReference ReferenceTo(RecordName name) => new() { Origin = name.Origin.ToString(), RecordId = name.Id.ToString() };
}
