using System.Text.Json.Nodes;
using Federation.Node.Sharing;
using Federation.Protocol.Records;
using Xunit;

namespace Federation.Node.Tests.Sharing;

public sealed class PolicySchemaTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(Policies.ReadFile("deploy/example/policy.schema.json"))!;

    public static TheoryData<string, string[]> WordLists() => new()
    {
        { "marking", [.. Markings.Names] },
        { "kind", [.. RecordKinds.Names] },
        { "partType", [.. PartTypes.Names] },
        { "shownType", [.. PartTypes.WithheldUnlessShown.ToTypes().Select(type => PartTypes.NameOf(type)!)] },
        { "state", [.. Vocabulary.States.Words] },
        { "incidentSeverity", [.. Vocabulary.IncidentSeverities.Words] },
        { "flawSeverity", [.. Vocabulary.FlawSeverities.Words] },
        { "availability", [.. Vocabulary.Availabilities.Words] },
        { "onward", [.. Vocabulary.Onward.Words] },
        { "permittedActions", [.. Vocabulary.PermittedActions.Words] },
        { "attribution", [.. Vocabulary.Attributions.Words] },
    };

    [Theory]
    [MemberData(nameof(WordLists))]
    public void Every_list_of_words_is_the_compilers(string name, string[] words) =>
        Assert.Equal(words, Schema["$defs"]![name]!["enum"]!.AsArray().Select(word => word!.GetValue<string>()));

    [Fact]
    public void Every_list_of_keys_is_the_compilers()
    {
        var rule = Schema["$defs"]!["rule"]!;
        Assert.Equal(LanguageWords.RuleKeys.Order(), Keys(rule).Order());
        Assert.Equal(LanguageWords.ConditionKeys.Order(), Keys(rule["properties"]!["allow"]!).Order());
        Assert.Equal(LanguageWords.ConditionKeys.Except(["max_marking"]).Order(), Keys(rule["properties"]!["deny"]!).Order());
        Assert.Equal(ConditionsReader.Keys, LanguageWords.ConditionKeys);
    }

    [Fact]
    public void Nothing_in_it_is_open_and_everything_that_an_author_writes_is_described()
    {
        var objects = 0;
        foreach (var node in Descend(Schema).OfType<JsonObject>().Where(node => node["properties"] is JsonObject && node["type"] is not null))
        {
            objects++;
            Assert.False(node["additionalProperties"]!.GetValue<bool>());
            Assert.All(node["properties"]!.AsObject(), property => Assert.NotNull(property.Value!["description"]));
        }
        Assert.InRange(objects, 10, 100);
    }

    [Fact]
    public void Every_policy_of_the_repository_validates() => Assert.All(PolicyTexts.All(), text => Assert.True(Accepts(text), text));

    [Theory]
    [InlineData("version: 1", "version: 2")]
    [InlineData("ceiling: AMBER", "ceiling: WHITE")]
    [InlineData("ceiling: AMBER", "ceiling: AMBER\nextends: base")]
    [InlineData("name: incidents-and-flaws", "name: a/b")]
    [InlineData("name: incidents-and-flaws", "title: incidents")]
    [InlineData("kinds: [incident, flaw]", "kinds: [incidents]")]
    [InlineData("kinds: [incident, flaw]", "kinds: []")]
    [InlineData("kinds: [incident, flaw]", "kinds: incident")]
    [InlineData("states: [interim, final, withdrawn, superseded]", "states: [draft]")]
    [InlineData("topics: [cbrn.*]", "topics: [cbrn*]")]
    [InlineData("languages: [en, fr]", "languages: ['*']")]
    [InlineData("{from: 2025-01-01, before: 2030-01-01}", "{from: 01/02/2025}")]
    [InlineData("{from: 2025-01-01, before: 2030-01-01}", "{}")]
    [InlineData("{from: 2025-01-01, before: 2030-01-01}", "{after: 2025-01-01}")]
    [InlineData("after_publication: 36h", "after_publication: 36m")]
    [InlineData("show: [import_source]", "show: [link]")]
    [InlineData("envelope: share", "envelope: true")]
    [InlineData("flaw_reproduction: {max_marking: GREEN", "flaw_reproductions: {max_marking: GREEN")]
    [InlineData("flaw_reproduction: {max_marking: GREEN", "flaw_reproduction: {min_marking: GREEN")]
    [InlineData("{institutes: [uk]}", "{institutes: [UK]}")]
    [InlineData("incident_severity: {min: serious_incident}", "incident_severity: {min: critical}")]
    [InlineData("deny:\n      min_marking: GREEN", "deny:\n      max_marking: AMBER")]
    [InlineData("deny:\n      min_marking: GREEN", "withhold: [link]\n    deny:\n      min_marking: GREEN")]
    [InlineData("deny:\n      min_marking: GREEN", "allow: {}\n    deny:\n      min_marking: GREEN")]
    [InlineData("expect: share", "expect: shared")]
    [InlineData("expect: share", "expect: {}")]
    [InlineData("for: {institute: uk}", "for: {institutes: [uk]}")]
    [InlineData("record: {kind: incident, marking: GREEN,", "record: {kind: incident,")]
    [InlineData("{type: flaw_affected,", "{kind: flaw_affected,")]
    public void What_the_compiler_refuses_does_not_validate(string said, string instead)
    {
        var text = Policies.ReadFile("deploy/example/policy.yaml");
        Assert.Contains(said, text, StringComparison.Ordinal);
        var at = text.IndexOf(said, StringComparison.Ordinal);
        var other = text[..at] + instead + text[(at + said.Length)..];
        Policies.FaultsOf(other, "network");
        Assert.False(Accepts(other));
    }

    private static bool Accepts(string text) => new SchemaCheck(Schema).Accepts(PolicyTree.Read(text, new PolicyFaults("policy.yaml"))!);

    private static IEnumerable<string> Keys(JsonNode node) => node["properties"]!.AsObject().Select(property => property.Key);

    private static IEnumerable<JsonNode> Descend(JsonNode node)
    {
        var children = node switch { JsonObject map => map.Select(pair => pair.Value), JsonArray list => list, _ => [] };
        return children.OfType<JsonNode>().SelectMany(Descend).Prepend(node);
    }
}
