using System.Text;
using Federation.Cli;
using Federation.Cli.RecordFiles;
using Federation.V1.Records;
using Google.Protobuf;
using Xunit;

namespace Federation.Node.Tests.Cli;

public sealed class DraftJsonTests
{
    [Fact]
    public void A_record_is_read_whole()
    {
        var (draft, faults) = Read("""
            {
              "kind": "RECORD_KIND_INCIDENT",
              "envelope": { "title": "Title", "marking": "MARKING_GREEN", "topics": ["cyber"] },
              "parts": [{ "key": "a", "part": { "incidentSummary": { "description": "What happened." } } }],
              "embargo_until": "2027-01-31T12:00:00Z"
            }
            """);

        Assert.Empty(faults);
        Assert.Equal(RecordKind.Incident, draft!.Kind);
        Assert.Equal("What happened.", draft.Parts[0].Part.IncidentSummary.Description);
        Assert.Equal(2027, draft.EmbargoUntil.ToDateTime().Year);
    }

    [Fact]
    public void An_unknown_field_is_refused_with_its_path()
    {
        var (draft, faults) = Read("""
            { "kind": "RECORD_KIND_INCIDENT", "parts": [{ "key": "a" }, { "part": { "incidentSummary": { "descripton": "x" } } }], "audiences": ["jp"] }
            """);

        Assert.Null(draft);
        Assert.Equal(["parts[1].part.incidentSummary.descripton", "audiences"], faults.Select(fault => fault.Field));
    }

    [Theory]
    [InlineData("""{ "kind": "RECORD_KIND_UNHEARD_OF" }""", "kind")]
    [InlineData("""{ "kind": true }""", "kind")]
    [InlineData("""{ "envelope": "title" }""", "envelope")]
    [InlineData("""{ "parts": {} }""", "parts")]
    [InlineData("""{ "parts": [7] }""", "parts[0]")]
    [InlineData("""{ "parts": [null] }""", "parts[0]")]
    [InlineData("""{ "draft": "yes" }""", "draft")]
    [InlineData("""{ "recordId": 7 }""", "recordId")]
    [InlineData("""{ "embargoUntil": 7 }""", "embargoUntil")]
    [InlineData("""{ "provenance": { "rawDigest": "not base64!" } }""", "provenance.rawDigest")]
    [InlineData("""{ "recordId": "a", "record_id": "b" }""", "record_id")]
    [InlineData("""{ "recordId": "a", "recordId": "b" }""", "recordId")]
    [InlineData("""{ "parts": [{ "part": { "link": {}, "incidentSummary": {} } }] }""", "parts[0].part.incidentSummary")]
    public void What_does_not_fit_a_field_is_refused_with_its_path(string json, string path)
    {
        var (draft, faults) = Read(json);

        Assert.Null(draft);
        Assert.Equal(path, Assert.Single(faults).Field);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{} {}")]
    [InlineData("""{ "envelope": { "issued": { "year": 99999999999 } } }""")]
    [InlineData("""{ "embargoUntil": "yesterday" }""")]
    public void What_is_no_record_is_refused_with_a_sentence(string json)
    {
        var (draft, faults) = Read(json);

        Assert.Null(draft);
        Assert.NotEmpty(Assert.Single(faults).Description);
    }

    [Fact]
    public void Deep_nesting_is_refused_and_not_recursed_into()
    {
        var (draft, faults) = Read(string.Concat(Enumerable.Repeat("""{"envelope":""", 5000)) + "1" + new string('}', 5000));

        Assert.Null(draft);
        Assert.Single(faults);
    }

    [Fact]
    public void What_was_written_is_read_again()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "samples"), "*.json", SearchOption.AllDirectories))
        {
            var (draft, faults) = DraftJson.Read(File.ReadAllBytes(file));
            Assert.True(faults.Count == 0, $"{file}: {string.Join(' ', faults)}");
            var (again, _) = Read(JsonFormatter.Default.Format(draft));
            Assert.Equal(draft, again);
        }
    }

    private static (V1.Node.RecordDraft? Draft, IReadOnlyList<FieldFault> Faults) Read(string json) => DraftJson.Read(Encoding.UTF8.GetBytes(json));
}
