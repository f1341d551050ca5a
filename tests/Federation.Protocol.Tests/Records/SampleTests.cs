using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Federation.Protocol.Tests.Records;

public sealed class SampleTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot(), "samples");
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(false));
    private static readonly Lazy<IReadOnlyList<Sample>> All = new(() => [.. Paths().Select(path => Read(path.Data))]);

    public static TheoryData<string> Paths() =>
        new(Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path))
            .Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_sample_is_a_draft_with_an_envelope_and_keyed_parts(string path)
    {
        RecordDraft draft = Read(path).Draft;
        Assert.NotEqual(RecordKind.Unspecified, draft.Kind);
        Assert.NotEqual(Marking.Unspecified, draft.Envelope.Marking);
        Assert.NotEqual(DatePrecision.Unspecified, draft.Envelope.Issued.Precision);
        Assert.NotEmpty(draft.Parts);
        Assert.Equal(draft.Parts.Count, draft.Parts.Select(part => part.Key).Distinct().Count());
        Assert.All(draft.Parts, part => Assert.NotEqual(Part.ContentOneofCase.None, part.Part.ContentCase));
    }

    // What is RED goes to named institutes only: a sample without names would show nothing.
    [Theory]
    [MemberData(nameof(Paths))]
    public void What_is_red_names_its_audience(string path)
    {
        RecordDraft draft = Read(path).Draft;
        Assert.True(draft.Envelope.Marking != Marking.Red || draft.Audience.Count > 0);
        Assert.All(draft.Parts.Where(part => part.Part.Marking == Marking.Red), part => Assert.True(part.Audience.Count + draft.Audience.Count > 0, part.Key));
    }

    [Fact]
    public void Samples_show_every_kind_marking_and_date_precision()
    {
        Assert.Equal(Enum.GetValues<RecordKind>()[1..], All.Value.Select(sample => sample.Draft.Kind).Distinct().Order());
        Assert.Equal(Enum.GetValues<Marking>()[1..], All.Value.Select(sample => sample.Draft.Envelope.Marking).Distinct().Order());
        IEnumerable<PreciseDate> dates = All.Value.SelectMany(sample => Within<PreciseDate>(sample.Draft));
        Assert.Equal(Enum.GetValues<DatePrecision>()[1..], dates.Select(date => date.Precision).Distinct().Order());
    }

    [Fact]
    public void Samples_show_every_type_of_part()
    {
        HashSet<Part.ContentOneofCase> shown = [.. All.Value.SelectMany(sample => sample.Draft.Parts).Select(part => part.Part.ContentCase)];
        shown.Add(Part.ContentOneofCase.None);
        Assert.Empty(Enum.GetValues<Part.ContentOneofCase>().Except(shown));
    }

    [Fact]
    public void Sample_ids_are_distinct_random_uuids()
    {
        string[] ids = [.. All.Value.Select(sample => sample.Draft.RecordId)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id));
    }

    [Fact]
    public void References_lead_to_samples_and_cross_institutes()
    {
        HashSet<(string, string)> known = [.. All.Value.Select(sample => (sample.Institute, sample.Draft.RecordId))];
        (string From, RecordReference To)[] references =
            [.. All.Value.SelectMany(sample => Within<RecordReference>(sample.Draft).Select(to => (sample.Institute, to)))];
        Assert.All(references, reference => Assert.Contains((reference.To.Origin, reference.To.RecordId), known));
        Assert.Contains(references, reference => reference.From != reference.To.Origin);
    }

    [Fact]
    public void Annotations_speak_of_records_of_others_that_are_no_annotations()
    {
        Dictionary<string, Sample> byId = All.Value.ToDictionary(sample => sample.Draft.RecordId);
        Sample[] annotations = [.. All.Value.Where(sample => sample.Draft.Kind == RecordKind.Annotation)];
        Assert.All(annotations, annotation =>
        {
            RecordReference target = Assert.Single(Within<AnnotationTarget>(annotation.Draft)).Target;
            Assert.NotEqual(annotation.Institute, target.Origin);
            Assert.NotEqual(RecordKind.Annotation, byId[target.RecordId].Draft.Kind);
        });
    }

    private static Sample Read(string path) =>
        new(Path.GetDirectoryName(path)!, Parser.Parse<RecordDraft>(File.ReadAllText(Path.Combine(Folder, path))));

    private static IEnumerable<T> Within<T>(IMessage message)
        where T : IMessage
    {
        if (message is T found)
            yield return found;
        IEnumerable<FieldDescriptor> fields = message.Descriptor.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.Message);
        foreach (T deeper in fields.SelectMany(field => Values(message, field)).SelectMany(Within<T>))
            yield return deeper;
    }

    private static IEnumerable<IMessage> Values(IMessage message, FieldDescriptor field) => field.Accessor.GetValue(message) switch
    {
        IMessage one => [one],
        IEnumerable<IMessage> many => many,
        _ => [],
    };

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "global.json")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("The tests run outside the repository.");
    }

    private sealed record Sample(string Institute, RecordDraft Draft);
}
