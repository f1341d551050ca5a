using Federation.V1.Node;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Formats;

/// <summary>Checks a draft against the bounds that the record model states.</summary>
internal static class DraftBounds
{
    internal static void Check(RecordDraft draft)
    {
        Assert.InRange(draft.Parts.Count, 1, 1000);
        Assert.Equal(draft.Parts.Count, draft.Parts.Select(part => part.Key).Distinct().Count());
        Assert.All(draft.Parts, part => Assert.InRange(part.Key.Length, 1, 128));
        Assert.All(draft.Parts, part => Assert.InRange(part.Part.CalculateSize(), 1, 128 * 1024));
        Assert.InRange(draft.Envelope.CalculateSize() + draft.Parts.Sum(part => part.Part.CalculateSize()), 1, 256 * 1024);
        Assert.InRange(draft.Parts.Sum(part => part.Part.Evidence.Count), 0, 256);
        Assert.InRange(draft.Envelope.Title.Length, 1, 512);
        Assert.NotEmpty(draft.Envelope.Language);
        Assert.All(draft.Parts, part => Assert.InRange(part.Part.Evidence.Count, 0, 64));
        CheckSource(Assert.Single(draft.Parts, part => part.Part.ContentCase == Part.ContentOneofCase.ImportSource).Part.ImportSource);
        Assert.InRange(draft.Provenance.LossNotes.Count, 0, 64);
        Assert.All(draft.Provenance.LossNotes, note => Assert.InRange(note.Length, 1, 256));
        Assert.All(Dates(draft), date => Assert.NotEqual(DatePrecision.Unspecified, date.Precision));
        Assert.All(draft.Parts, part => CheckScores(part.Part.ResultScores));
    }

    private static void CheckSource(ImportSource source)
    {
        Assert.InRange(source.UnmappedFields.Count, 0, 256);
        Assert.All(source.UnmappedFields, field => Assert.InRange(field.Value.Length, 1, 2000));
        Assert.All(source.UnmappedFields, field => Assert.InRange(field.Path.Length, 1, 1024));
    }

    private static void CheckScores(ResultScores? table)
    {
        if (table is null)
            return;
        Assert.InRange(table.Scores.Count, 1, 1024);
        Assert.InRange(table.Slice.Length, 0, 256);
        Assert.All(table.Scores, score => Assert.InRange(score.MetricId.Length, 1, 64));
        Assert.All(table.Scores, score => Assert.NotEqual(MetricScore.ValueOneofCase.None, score.ValueCase));
        Assert.All(table.Scores, score => Assert.True(double.IsFinite(score.Number)));
        Assert.All(table.Scores, score => Assert.InRange(score.Note.Length, 0, 2048));
    }

    private static IEnumerable<PreciseDate> Dates(RecordDraft draft) =>
        new[] { draft.Envelope.Issued, draft.Envelope.StateDay }.Concat(draft.Parts.Select(part => part.Part.ResultRun?.Started)).OfType<PreciseDate>();
}
