using Xunit;

namespace Federation.Node.Tests.Sharing;

public sealed class PolicyExampleTests
{
    private const string Rules = """
        version: 1
        ceiling: AMBER
        rules:
          - name: incidents
            allow: {kinds: [incident, annotation], languages: [en]}
            audience: {groups: [network]}
            withhold: [incident_reproduction]
            embargo: {after_publication: 1d}
          - name: cyber
            deny: {topics: [cyber.*]}
        examples:
        """;

    private const string Whole = "kind: incident, marking: GREEN, published: 2026-01-01";

    [Theory]
    [InlineData("record: {kind: incident, marking: GREEN, parts: [incident_summary]}, for: {groups: [network]}, at: 2026-01-02, expect: share")]
    [InlineData("record: {kind: incident, marking: GREEN, parts: [incident_summary]}, expect: hide")]
    [InlineData("record: {kind: incident, marking: GREEN, parts: [incident_summary]}, for: {groups: [network]}, expect: hide")]
    [InlineData("record: {kind: incident, marking: GREEN, language: EN-gb}, for: {groups: [network]}, at: 2026-01-02, expect: share")]
    [InlineData("record: {kind: incident, marking: GREEN, topics: [cyber.x]}, for: {groups: [network]}, at: 2026-01-02, expect: hide")]
    [InlineData("record: {kind: incident, marking: GREEN, origin: jp}, for: {groups: [network]}, at: 2026-01-02, expect: hide")]
    [InlineData("record: {kind: annotation, marking: GREEN, parts: [annotation_target]}, for: {groups: [network]}, at: 2026-01-02, expect: share")]
    [InlineData(
        "record: {kind: incident, marking: CLEAR, parts: [incident_summary, {type: incident_harm, marking: RED}]}, for: "
            + "{groups: [network]}, at: 2026-01-02, expect: {withhold: [incident_harm]}")]
    [InlineData(
        "record: {kind: incident, marking: CLEAR, audience: {institutes: [uk]}}, for: {institute: uk, groups: [network]}, at: "
            + "2026-01-02, expect: share")]
    public void An_example_that_holds_is_counted(string example) => Assert.Equal(1, Policies.Document($"{Rules}\n  - {{name: x, {example}}}\n").Examples);

    [Theory]
    [InlineData("topics: [cyber]", "2026-01-02", "share", "the record is hidden: Rule 'cyber' denies the record.")]
    [InlineData("language: fr", "2026-01-02", "share", "the record is hidden: No rule allows the record.")]
    [InlineData("onward: none", "2026-01-01", "share", "the record is hidden: Rule 'incidents' holds the record back until later.")]
    [InlineData("onward: none", "2026-01-02", "hide", "the record is shared: Rule 'incidents' allows the record.")]
    [InlineData(
        "parts: [incident_summary, incident_reproduction]", "2026-01-02", "share",
        "'incident_reproduction' is withheld: A rule withholds parts of this type, or no rule shows them although one has to. (rule 'incidents')")]
    [InlineData(
        "parts: [incident_summary, incident_reproduction]", "2026-01-02", "{withhold: [incident_summary, incident_reproduction]}",
        "'incident_summary' is shared: The part is disclosed. (rule 'incidents')")]
    [InlineData(
        "parts: [incident_summary, {type: incident_harm, marking: RED}]", "2026-01-02", "share",
        "'incident_harm' is withheld: The part's marking does not admit")]
    public void An_example_that_fails_says_at_its_line_what_happened_and_why(string more, string at, string expect, string instead)
    {
        var text = $"{Rules}\n  - name: x\n    record: {{{Whole}, {more}}}\n    for: {{groups: [network]}}\n    at: {at}\n    expect: {expect}\n";
        var fault = Assert.Single(Policies.FaultsOf(text, "network"));
        Assert.StartsWith($"policy.yaml:12:5: the example 'x' fails: {instead}", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "11:11: 'examples' has to be a list with at least one example")]
    [InlineData("[{name: x, expect: hide}]", "11:12: the example has no 'record'")]
    [InlineData("[{name: x, record: {kind: flaw, marking: RED}}]", "11:12: the example has no 'expect'")]
    [InlineData("[{record: {kind: flaw, marking: RED}, expect: hide}]", "11:12: the example has no 'name'")]
    [InlineData("[{name: x, record: {kind: flaw}, expect: hide}]", "11:30: the example's record has no 'marking'")]
    [InlineData("[{name: x, record: {marking: RED}, expect: hide}]", "11:30: the example's record has no 'kind'")]
    [InlineData("[{name: x, record: {kind: flaw, marking: RED, embargo: 1d}, expect: hide}]", "11:57: unknown key 'embargo' in 'record'")]
    [InlineData("[{name: x, record: {kind: flaw, marking: RED, state: draft}, expect: hide}]", "11:64: unknown value of 'state' 'draft'")]
    [InlineData("[{name: x, record: {kind: flaw, marking: RED, topics: [cbrn.*]}, expect: hide}]", "11:66: a record has topics, not patterns such as 'cbrn.*'")]
    [InlineData(
        "[{name: x, record: {kind: flaw, marking: RED, incident_severity: hazard}, expect: hide}]",
        "11:57: no record of the example's kind has 'incident_severity'")]
    [InlineData(
        "[{name: x, record: {kind: flaw, marking: RED, parts: [incident_cause]}, expect: hide}]",
        "11:65: no record of the example's kind has a part 'incident_cause'")]
    [InlineData("[{name: x, record: {kind: flaw, marking: RED, parts: [{marking: RED}]}, expect: hide}]", "11:65: the part has no 'type'")]
    [InlineData("[{name: x, record: {kind: flaw, marking: RED}, expect: hidden}]", "11:66: unknown value of 'expect' 'hidden'; did you mean 'hide'?")]
    [InlineData("[{name: x, record: {kind: flaw, marking: RED}, expect: {withhold: [link]}}]", "11:78: the example's record has no part 'link'")]
    [InlineData("[{name: x, record: {kind: flaw, marking: RED}, for: {groups: [nobody]}, expect: hide}]", "11:73: unknown group 'nobody'; known: network")]
    [InlineData("[{name: x, record: {kind: flaw, marking: RED}, for: {}, expect: hide}]", "11:63: 'for' is empty")]
    [InlineData("[{name: x, record: {kind: flaw, marking: RED}, at: yesterday, expect: hide}]", "11:62: 'at' is 'yesterday'; a moment is a date")]
    [InlineData(
        "[{name: x, record: {kind: flaw, marking: RED}, expect: hide}, {name: x, record: {kind: flaw, marking: RED}, expect: hide}]",
        "11:80: the name 'x' was given before, in line 11")]
    public void An_example_that_is_not_understood_is_refused_where_it_stands(string examples, string fault)
    {
        var faults = Policies.FaultsOf($"{Rules} {examples}\n", "network");
        Assert.True(faults.Any(found => found.ToString().StartsWith("policy.yaml:" + fault, StringComparison.Ordinal)), string.Join('\n', faults));
    }

    [Fact]
    public void As_many_examples_as_the_bound_are_taken_and_not_one_more()
    {
        static string Examples(int count) =>
            string.Concat(Enumerable.Range(0, count).Select(i => $"\n  - {{name: e{i}, record: {{kind: flaw, marking: RED}}, expect: hide}}"));
        Assert.Equal(256, Policies.Document(Rules + Examples(256)).Examples);
        Assert.Equal("a policy has at most 256 examples", Assert.Single(Policies.FaultsOf(Rules + Examples(257), "network")).Message);
    }

    [Fact]
    public void Every_block_of_the_page_compiles_with_examples()
    {
        Assert.Equal(3, PolicyTexts.Blocks().Count);
        Assert.All(PolicyTexts.Blocks(), text => Assert.InRange(Policies.Document(text).Examples, 3, 256));
    }
}
