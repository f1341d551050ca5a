using System.Text.Json;
using Federation.Formats.Mapping;
using Federation.V1.Node;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Formats;

public sealed class MappingTableTests
{
    [Fact]
    public void Every_path_of_the_fixtures_is_in_the_table()
    {
        var unknown = Leaves()
            .Where(leaf => MappingTable.Find(leaf.Format, leaf.Draft.Kind, leaf.Path) is null)
            .Select(leaf => $"{leaf.Format} {leaf.Draft.Kind} {leaf.Path}");
        Assert.Empty(unknown);
    }

    [Fact]
    public void A_field_labelled_unmapped_is_among_the_unmapped_fields()
    {
        foreach (var (format, path, draft, isEmpty) in Leaves())
            if (!isEmpty && Label(format, draft, path) is FieldLabel.Unmapped)
                Assert.True(IsUnmapped(draft, path), $"{format} {draft.Provenance.PathInSet} {path} is lost");
    }

    [Fact]
    public void A_field_labelled_direct_is_never_among_the_unmapped_fields_unless_a_note_says_why()
    {
        foreach (var (format, path, draft, _) in Leaves())
            if (Label(format, draft, path) is FieldLabel.Direct && IsUnmapped(draft, path))
                Assert.Contains(draft.Provenance.LossNotes, note => path.StartsWith(note.Split(": ")[0], StringComparison.Ordinal));
    }

    [Fact]
    public void Unmapped_values_are_the_values_of_the_file_as_json()
    {
        foreach (var file in Fixtures.All().Where(file => !file.Path.Contains("schema", StringComparison.Ordinal)))
        {
            using var document = JsonDocument.Parse(file.Content);
            foreach (var field in file.Draft().Source().UnmappedFields)
            {
                using var value = JsonDocument.Parse(field.Value);
                Assert.True(JsonElement.DeepEquals(JsonPaths.Find(document.RootElement, field.Path), value.RootElement), $"{file.Path} {field.Path}");
            }
        }
    }

    [Theory]
    [InlineData("avid", RecordKind.Flaw)]
    [InlineData("avid", RecordKind.EvaluationResult)]
    [InlineData("eee", RecordKind.EvaluationResult)]
    [InlineData("osv", RecordKind.Flaw)]
    public void A_row_names_a_target_exactly_if_it_is_mapped_and_no_path_twice(string format, RecordKind kind)
    {
        var rows = MappingTable.Rows(format, kind);
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Equal(row.Label is FieldLabel.Unmapped, row.Target.Length == 0));
        Assert.Equal(rows.Count, rows.Select(row => row.Path).Distinct().Count());
    }

    [Theory]
    [InlineData("avid", RecordKind.Flaw)]
    [InlineData("avid", RecordKind.EvaluationResult)]
    [InlineData("eee", RecordKind.EvaluationResult)]
    [InlineData("osv", RecordKind.Flaw)]
    public void Every_target_is_a_field_of_the_record_model(string format, RecordKind kind)
    {
        var files = RecordReflection.Descriptor.Dependencies.Append(RecordReflection.Descriptor);
        var messages = files.SelectMany(file => file.MessageTypes).ToDictionary(message => message.Name);
        var targets = MappingTable.Rows(format, kind).SelectMany(row => row.Target.Split([", ", "; "], StringSplitOptions.RemoveEmptyEntries));
        foreach (var target in targets.Where(target => target.Contains('.', StringComparison.Ordinal)))
        {
            var path = target.Split('.');
            Assert.True(messages.TryGetValue(path[0], out var message) && message.FindFieldByName(path[1]) is not null, target);
        }
    }

    private static FieldLabel Label(string format, RecordDraft draft, string path) => MappingTable.Find(format, draft.Kind, path)!.Label;

    private static bool IsUnmapped(RecordDraft draft, string path) =>
        draft.Source().UnmappedFields.Any(field => path == field.Path || path.StartsWith($"{field.Path}/", StringComparison.Ordinal));

    private static IEnumerable<(string Format, string Path, RecordDraft Draft, bool IsEmpty)> Leaves()
    {
        foreach (var file in Fixtures.All().Where(file => !file.Path.Contains("schema", StringComparison.Ordinal)))
        {
            var draft = file.Draft();
            using var document = JsonDocument.Parse(file.Content);
            foreach (var (path, isEmpty) in JsonPaths.Leaves(document.RootElement, ""))
                yield return (file.Format, path, draft, isEmpty);
        }
    }
}
