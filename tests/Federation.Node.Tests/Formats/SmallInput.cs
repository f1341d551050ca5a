using System.Text;
using Federation.Formats;
using Federation.V1.Node;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Formats;

/// <summary>Small inputs written for the tests, and short ways to look at what became of them.</summary>
internal static class SmallInput
{
    internal const string Avid = """
        {"data_type":"AVID","data_version":"0.2","metadata":{"report_id":"AVID-2024-R0001"},"problemtype":{"classof":"Third-party Report","type":"Issue",
        "description":{"lang":"eng","value":"A title"}},"description":{"lang":"eng","value":"A text"},"reported_date":"2024-05-06"}
        """;

    internal const string Eee = """
        {"schema_version":"0.3.0","evaluation_id":"a/b/1","retrieved_timestamp":"1700000000","source_metadata":{"source_type":"documentation",
        "source_organization_name":"An institute","evaluator_relationship":"first_party"},"eval_library":{"name":"inspect_ai","version":"0.3.1"},
        "model_info":{"name":"Model","id":"maker/model"},"evaluation_results":[{"evaluation_name":"One","metric_config":{"lower_is_better":false},
        "score_details":{"score":0.5}}]}
        """;

    internal const string Osv = """{"schema_version":"1.6.0","id":"TEST-2024-1","modified":"2024-01-02T03:04:05Z","summary":"A title","details":"A text"}""";

    internal static string Of(string format) => format switch { "avid" => Avid, "eee" => Eee, _ => Osv };

    internal static ImportOutcome Import(string format, string json) =>
        Importers.Import(format, "folder/file.json", Encoding.UTF8.GetBytes(json), Fixtures.Handling);

    internal static RecordDraft Draft(string format, string json)
    {
        var outcome = Import(format, json);
        Assert.Empty(outcome.Faults);
        return Assert.Single(outcome.Drafts);
    }

    /// <summary>Imports and expects one refusal; answers the fault.</summary>
    internal static ImportFault Fault(string format, string json)
    {
        var outcome = Import(format, json);
        Assert.Empty(outcome.Drafts);
        return Assert.Single(outcome.Faults);
    }

    internal static Part Part(this RecordDraft draft, string key) => Assert.Single(draft.Parts, part => part.Key == key).Part;

    internal static IEnumerable<Part> Parts(this RecordDraft draft, Part.ContentOneofCase type) =>
        draft.Parts.Select(part => part.Part).Where(part => part.ContentCase == type);

    internal static ImportSource Source(this RecordDraft draft) => draft.Part("source").ImportSource;

    internal static string? Unmapped(this RecordDraft draft, string path) =>
        draft.Source().UnmappedFields.SingleOrDefault(field => field.Path == path)?.Value;
}
