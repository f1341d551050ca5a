using CsCheck;
using Federation.Node.Sharing;
using Federation.V1.Records;
using Xunit;
using static Federation.Node.Tests.Sharing.Facts;
using Parts = Federation.V1.Records.Part;

namespace Federation.Node.Tests.Sharing;

public sealed class RuleTests
{
    [Theory]
    [InlineData("{}", true)]
    [InlineData("{kinds: [incident]}", true)]
    [InlineData("{kinds: [flaw, incident]}", true)]
    [InlineData("{kinds: [flaw]}", false)]
    [InlineData("{max_marking: CLEAR}", false)]
    [InlineData("{max_marking: GREEN}", true)]
    [InlineData("{max_marking: RED}", true)]
    [InlineData("{topics: [cyber]}", true)]
    [InlineData("{topics: [persuasion]}", false)]
    [InlineData("{topics: [persuasion, cyber]}", true)]
    [InlineData("{topics: [cbrn]}", false)]
    [InlineData("{topics: [cbrn.*]}", true)]
    [InlineData("{topics: [cbrn.bio]}", true)]
    [InlineData("{topics: [cbrn.bio.*]}", true)]
    [InlineData("{topics: [cbrn.bio.toxins]}", false)]
    [InlineData("{topics: [cbrn.bi.*]}", false)]
    [InlineData("{without_topics: [cbrn.bio]}", false)]
    [InlineData("{without_topics: [cbrn.*]}", false)]
    [InlineData("{without_topics: [persuasion]}", true)]
    [InlineData("{topics: [cyber], without_topics: [cbrn.*]}", false)]
    [InlineData("{kinds: [incident], max_marking: GREEN, topics: [cyber], without_topics: [persuasion]}", true)]
    [InlineData("{kinds: [flaw], max_marking: GREEN, topics: [cyber], without_topics: [persuasion]}", false)]
    public void A_rule_matches_a_record_that_meets_every_condition(string conditions, bool matches)
    {
        var policy = Policies.Of($"  - {{name: only, allow: {conditions}}}");
        var facts = Record(RecordKind.Incident, Marking.Green, topics: ["cyber", "cbrn.bio"], parts: Part());
        Assert.Equal(matches ? RecordVerdict.Visible : RecordVerdict.NoRule, policy.Decide(ForKr, facts, Now, AllNameable).Verdict);
    }

    [Fact]
    public void A_pattern_with_a_star_stops_at_the_dot()
    {
        var policy = Policies.Of("  - {name: only, allow: {topics: [cbrn.*]}}");
        Assert.True(Decide(policy, "cbrn").Visible);
        Assert.True(Decide(policy, "cbrn.bio.toxins").Visible);
        Assert.False(Decide(policy, "cbrnx").Visible);
        Assert.False(Decide(policy, "cbr").Visible);
    }

    [Fact]
    public void A_code_can_be_taken_out_of_what_a_star_covers()
    {
        var policy = Policies.Of("  - {name: only, allow: {topics: [cbrn.*], without_topics: [cbrn]}}");
        Assert.True(Decide(policy, "cbrn.bio").Visible);
        Assert.False(Decide(policy, "cbrn").Visible);
    }

    [Fact]
    public void The_marking_of_a_rule_is_held_against_the_envelope_and_the_ceiling_against_parts()
    {
        var policy = Policies.Of("  - {name: only, allow: {max_marking: GREEN}}", ceiling: "AMBER");
        var facts = Record(marking: Marking.Green, parts: [Part(marking: Marking.Amber), Part(marking: Marking.AmberStrict)]);
        Assert.Equal([PartVerdict.Visible, PartVerdict.Ceiling], policy.Decide(ForKr, facts, Now, AllNameable).Parts);
        Assert.False(policy.Decide(ForKr, Record(marking: Marking.Amber, parts: Part()), Now, AllNameable).Visible);
    }

    [Fact]
    public void A_policy_of_deny_rules_allows_nothing()
    {
        var policy = Policies.Of("  - {name: some, deny: {topics: [cyber]}}");
        Assert.Equal(RecordVerdict.NoRule, Decide(policy, "persuasion").Verdict);
    }

    [Fact]
    public void Deny_beats_allow_however_many_rules_allow()
    {
        var allows = string.Concat(Enumerable.Range(0, 20).Select(i => $"  - {{name: allow-{i}, allow: {{topics: [cyber], without_topics: [cbrn]}}}}\n"));
        var policy = Policies.Of(allows + "  - {name: zz, deny: {topics: [cyber.*], without_topics: [persuasion]}}");
        Assert.Equal(RecordVerdict.Denied, Decide(policy, "cyber").Verdict);
    }

    [Fact]
    public void What_any_matching_rule_withholds_is_withheld()
    {
        var policy = Policies.Of("""
              - {name: one, allow: {}, withhold: [incident_summary]}
              - {name: two, allow: {kinds: [incident]}, withhold: [incident_cause]}
              - {name: not matching, allow: {kinds: [flaw]}, withhold: [link]}
              - {name: three, allow: {}}
            """);
        var facts = Record(parts: [Part(Parts.IncidentSummaryFieldNumber), Part(Parts.IncidentCauseFieldNumber), Part(Parts.LinkFieldNumber)]);
        Assert.Equal([PartVerdict.Type, PartVerdict.Type, PartVerdict.Visible], policy.Decide(ForKr, facts, Now, AllNameable).Parts);
    }

    [Fact]
    public void A_withhold_beats_a_show_of_another_rule()
    {
        var facts = Record(parts: [Part(Parts.ImportSourceFieldNumber), Part()]);
        var shown = Policies.Of("  - {name: one, allow: {}, show: [import_source]}\n  - {name: two, allow: {}}");
        var withheld = Policies.Of("  - {name: one, allow: {}, show: [import_source]}\n  - {name: two, allow: {}, withhold: [import_source]}");
        Assert.Equal(PartVerdict.Visible, shown.Decide(ForKr, facts, Now, AllNameable).Parts[0]);
        Assert.Equal(PartVerdict.Type, withheld.Decide(ForKr, facts, Now, AllNameable).Parts[0]);
    }

    [Fact]
    public void One_matching_rule_suffices_to_share_the_envelope_and_a_foreign_one_does_not()
    {
        var facts = Record(parts: Part(marking: Marking.Red));
        var one = Policies.Of("  - {name: one, allow: {}, envelope: hide}\n  - {name: two, allow: {}, envelope: share}");
        var foreign = Policies.Of("  - {name: one, allow: {}}\n  - {name: two, allow: {kinds: [flaw]}, envelope: share}");
        Assert.True(one.Decide(ForKr, facts, Now, AllNameable).Visible);
        Assert.Equal(RecordVerdict.EnvelopeOnly, foreign.Decide(ForKr, facts, Now, AllNameable).Verdict);
    }

    [Fact]
    public void The_order_of_the_rules_does_not_matter() =>
        Gen.Select(SharingWorld.AnyPolicy, SharingWorld.AnyFacts, Gen.Int).Sample((policy, facts, seed) =>
        {
            var shuffled = policy with { Rules = [.. policy.Rules] };
            new Random(seed).Shuffle(shuffled.Rules);
            if (policy.Compile()?.For(ForKr) is not { } one || shuffled.Compile()?.For(ForKr) is not { } other)
                return;
            var expected = one.Decide(ForKr, facts, Now, AllNameable);
            var actual = other.Decide(ForKr, facts, Now, AllNameable);
            Assert.Equal(one.ClassHash, other.ClassHash);
            Assert.Equal(expected.Verdict, actual.Verdict);
            Assert.Equal(expected.Rule, actual.Rule);
            Assert.Equal(expected.Parts, actual.Parts);
            Assert.Equal(expected.NextChangeMs, actual.NextChangeMs);
        }, iter: 2_000);

    [Fact]
    public void A_further_deny_rule_never_discloses_anything() =>
        Gen.Select(SharingWorld.AnyPolicy, SharingWorld.AnyRule, SharingWorld.AnyFacts).Sample((policy, rule, facts) =>
        {
            var denial = rule with { Name = "further", Denies = true };
            if (policy.Compile() is not { } before || (policy with { Rules = [.. policy.Rules, denial.Sane()] }).Compile() is not { } after)
                return;
            var seen = after.For(ForKr).Decide(ForKr, facts, Now, AllNameable);
            Assert.True(!seen.Visible || seen.Parts.SequenceEqual(before.For(ForKr).Decide(ForKr, facts, Now, AllNameable).Parts));
        }, iter: 1_000);

    [Fact]
    public void The_rule_that_withholds_a_type_can_be_named()
    {
        var policy = Policies.Of("""
              - {name: b, allow: {}, withhold: [incident_summary]}
              - {name: a, allow: {}, withhold: [incident_summary]}
              - {name: 0, allow: {kinds: [flaw]}, withhold: [link]}
            """.Replace("name: 0", "name: '0'", StringComparison.Ordinal));
        Assert.Equal("a", policy.FindDeciding(Record(), Part(), PartVerdict.Type));
        Assert.Null(policy.FindDeciding(Record(), Part(Parts.LinkFieldNumber), PartVerdict.Type));
        Assert.Null(policy.FindDeciding(Record(), Part(Parts.ImportSourceFieldNumber), PartVerdict.Type));
        Assert.Null(policy.FindDeciding(Record((RecordKind)99), Part(), PartVerdict.Type));
        Assert.Null(policy.FindDeciding(Record(), Part(marking: Marking.Red), PartVerdict.Marking));
    }

    private static Decision Decide(SharingPolicy policy, string topic) =>
        policy.Decide(ForKr, Record(topics: [topic], parts: Part()), Now, AllNameable);
}
