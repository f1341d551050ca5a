using Federation.V1.Node;
using Federation.V1.Records;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>Small records for tests.</summary>
internal static class Drafts
{
    public static RecordDraft Practice(string title, Marking marking = Marking.Clear) => New(RecordKind.Practice, title, marking)
        .With("text", new Part { PracticeStatement = new PracticeStatement { Topic = "publication", Text = $"How we deal with {title}." } });

    /// <summary>A flaw with a summary and, for those who may repeat it, a reproduction.</summary>
    public static RecordDraft Flaw(string title, string secret = "as described", Marking marking = Marking.Green) => New(RecordKind.Flaw, title, marking)
        .With("summary", new Part { FlawSummary = new FlawSummary { Description = $"What is wrong: {title}", Severity = FlawSeverity.High } })
        .With("steps", new Part { FlawReproduction = new FlawReproduction { Prerequisites = secret, Attempts = 3 } });

    public static RecordDraft Annotation(string origin, string target, Marking marking = Marking.Green) => New(RecordKind.Annotation, "A note", marking)
        .With("target", new Part { AnnotationTarget = new AnnotationTarget { Target = Reference(origin, target), Kind = AnnotationKind.Note } })
        .With("body", new Part { AnnotationBody = new AnnotationBody { Text = "We saw this too." } });

    public static RecordDraft New(RecordKind kind, string title, Marking marking) => new()
    {
        Kind = kind,
        Envelope = new Envelope { Title = title, Language = "en", Marking = marking, State = RecordState.Final },
    };

    public static RecordDraft With(this RecordDraft draft, string key, Part part)
    {
        draft.Parts.Add(new PartDraft { Key = key, Part = part });
        return draft;
    }

    public static RecordDraft Linking(this RecordDraft draft, string origin, string target, string note = "see there") =>
        draft.With($"link-{target}", new Part { Link = new Link { Type = LinkType.DerivedFrom, Target = Reference(origin, target), Note = note } });

    public static RecordReference Reference(string origin, string record) => new() { Origin = origin, RecordId = record };
}
