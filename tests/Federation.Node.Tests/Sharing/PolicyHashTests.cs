using Federation.Node.Sharing;
using Xunit;

namespace Federation.Node.Tests.Sharing;

public sealed class PolicyHashTests
{
    private const string Reference = """
        version: 1
        ceiling: AMBER
        rules:
          - name: incidents
            allow: {kinds: [incident, flaw], max_marking: GREEN, topics: [cyber, persuasion], without_topics: [cbrn.*, loss-of-control]}
            withhold: [incident_cause, flaw_codes]
            show: [import_source]
            envelope: share
          - name: no-hazards
            deny: {topics: [cbrn.bio]}
        """;

    private const string OtherSpelling = """
        # Another author, the same policy.
        ---
        "rules":
        - envelope: "share"
          show:
            - import_source
          withhold: ['flaw_codes', incident_cause, incident_cause]
          name: something else
          allow:
            without_topics: [loss-of-control, cbrn.*]
            topics:
            - persuasion
            - cyber
            - cyber
            max_marking: 'GREEN'
            kinds: [flaw, incident, flaw]
        - {deny: {topics: [cbrn.bio, cbrn.bio]}, name: x}
        - {name: a twin, deny: {topics: [cbrn.bio]}}
        ceiling: "AMBER"
        version: 1
        ...
        """;

    [Fact]
    public void Two_spellings_of_one_policy_have_one_hash() =>
        Assert.Equal(Policies.Compile(Reference).ClassHash, Policies.Compile(OtherSpelling).ClassHash);

    [Theory]
    [InlineData("ceiling: AMBER", "ceiling: GREEN")]
    [InlineData("ceiling: AMBER", "ceiling: AMBER+STRICT")]
    [InlineData("[incident, flaw]", "[incident, flaw, model]")]
    [InlineData("kinds: [incident, flaw], ", "")]
    [InlineData("max_marking: GREEN", "max_marking: CLEAR")]
    [InlineData("max_marking: GREEN, ", "")]
    [InlineData("[cyber, persuasion]", "[cyber]")]
    [InlineData("[cyber, persuasion]", "[cyber.*, persuasion]")]
    [InlineData("topics: [cyber, persuasion], ", "")]
    [InlineData("[cbrn.*, loss-of-control]", "[cbrn, loss-of-control]")]
    [InlineData(", without_topics: [cbrn.*, loss-of-control]", "")]
    [InlineData("[incident_cause, flaw_codes]", "[incident_cause]")]
    [InlineData("    withhold: [incident_cause, flaw_codes]\n", "")]
    [InlineData("    show: [import_source]\n", "")]
    [InlineData("envelope: share", "envelope: hide")]
    [InlineData("deny: {topics: [cbrn.bio]}", "allow: {topics: [cbrn.bio]}")]
    [InlineData("deny: {topics: [cbrn.bio]}", "deny: {without_topics: [cbrn.bio]}")]
    [InlineData("deny: {topics: [cbrn.bio]}", "deny: {}")]
    public void A_policy_that_says_something_else_has_another_hash(string said, string instead)
    {
        Assert.Contains(said, Reference, StringComparison.Ordinal);
        var other = Reference.Replace(said, instead, StringComparison.Ordinal);
        Assert.NotEqual(Policies.Compile(Reference).ClassHash, Policies.Compile(other).ClassHash);
    }

    [Fact]
    public void The_normal_form_is_the_same_from_release_to_release()
    {
        // Stored hashes are compared with it; a change here is a change of every policy's class.
        const string Expected = """
            federation/policy-class.v1
            ceiling=3
            allow;kinds=2,3;max=2;topics=cyber,persuasion;without=cbrn.*,loss-of-control;withhold=125,142;show=11;envelope=1
            deny;kinds=;max=5;topics=cbrn.bio;without=;withhold=;show=;envelope=0

            """;
        var policy = Policies.Compile(Reference);
        Assert.Equal(Expected, PolicyNormalForm.Write(policy.Ceiling, policy.Rules));
        Assert.Equal(Federation.Protocol.Records.Digest.Sha256(System.Text.Encoding.UTF8.GetBytes(Expected)), policy.ClassHash);
    }
}
