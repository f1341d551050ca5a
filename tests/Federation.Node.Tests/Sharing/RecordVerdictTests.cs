using Federation.Node.Sharing;
using Federation.V1.Records;
using Xunit;
using static Federation.Node.Tests.Sharing.Facts;

namespace Federation.Node.Tests.Sharing;

public sealed class RecordVerdictTests
{
    [Fact]
    public void A_record_that_a_rule_allows_is_visible_with_the_rule_named()
    {
        var decision = Policies.AllowAll().Decide(ForKr, Record(parts: Part()), Now, AllNameable);
        Assert.True(decision.Visible);
        Assert.Equal("all", decision.Rule);
        Assert.Equal([PartVerdict.Visible], decision.Parts);
        Assert.Equal(0, decision.NextChangeMs);
    }

    [Fact]
    public void Without_a_policy_nothing_is_visible()
    {
        Assert.Equal(RecordVerdict.NoPolicy, SharingPolicy.NoPolicy.Verdict);
        Assert.False(SharingPolicy.NoPolicy.Visible);
        Assert.Empty(SharingPolicy.NoPolicy.Parts);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(14)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(1_000_000)]
    [InlineData(-1)]
    public void A_kind_that_is_not_known_is_hidden_from_everybody(int kind) =>
        Expect(RecordVerdict.UnknownKind, Policies.AllowAll(), Record((RecordKind)kind, parts: Part()));

    [Fact]
    public void A_draft_is_hidden_from_everybody() =>
        Expect(RecordVerdict.Draft, Policies.AllowAll(), Record(draft: true, parts: Part()));

    [Fact]
    public void An_embargo_hides_the_record_up_to_its_last_millisecond()
    {
        Expect(RecordVerdict.Embargo, Policies.AllowAll(), Record(release: Now + 1, parts: Part()));
        Expect(RecordVerdict.Visible, Policies.AllowAll(), Record(release: Now, parts: Part()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(6)]
    [InlineData(256)]
    public void An_unknown_marking_hides_the_record_even_from_those_it_names(int marking) =>
        Expect(RecordVerdict.Marking, Policies.AllowAll("RED"), Record(marking: (Marking)marking, audience: [Kr], parts: Part()));

    [Fact]
    public void A_red_record_is_hidden_from_whom_it_does_not_name()
    {
        Expect(RecordVerdict.Marking, Policies.AllowAll("RED"), Record(marking: Marking.Red, parts: Part()));
        Expect(RecordVerdict.Marking, Policies.AllowAll("RED"), Record(marking: Marking.Red, audience: [Uk], parts: Part()));
        Expect(RecordVerdict.Visible, Policies.AllowAll("RED"), Record(marking: Marking.Red, audience: [Uk, Kr], parts: Part()));
    }

    [Fact]
    public void A_record_above_the_ceiling_is_hidden() =>
        Expect(RecordVerdict.Ceiling, Policies.AllowAll("GREEN"), Record(marking: Marking.Amber, parts: Part()));

    [Fact]
    public void An_audience_that_does_not_name_the_partner_hides_the_record()
    {
        Expect(RecordVerdict.Audience, Policies.AllowAll(), Record(audience: [Uk], parts: Part()));
        Expect(RecordVerdict.Visible, Policies.AllowAll(), Record(audience: [Uk, Kr], parts: Part()));
    }

    [Fact]
    public void A_deny_rule_hides_the_record_and_is_named()
    {
        var policy = Policies.Of("  - {name: all, allow: {}}\n  - {name: no-incidents, deny: {kinds: [incident]}}");
        var decision = policy.Decide(ForKr, Record(parts: Part()), Now, AllNameable);
        Assert.Equal(RecordVerdict.Denied, decision.Verdict);
        Assert.Equal("no-incidents", decision.Rule);
    }

    [Fact]
    public void A_record_that_no_rule_allows_is_hidden() =>
        Expect(RecordVerdict.NoRule, Policies.Of("  - {name: flaws, allow: {kinds: [flaw]}}"), Record(parts: Part()));

    [Fact]
    public void A_record_of_which_nothing_but_the_envelope_is_left_is_hidden() =>
        Expect(RecordVerdict.EnvelopeOnly, Policies.AllowAll(), Record(parts: Part(marking: Marking.Red)));

    [Fact]
    public void A_rule_can_share_the_envelope_alone()
    {
        var policy = Policies.Of("  - {name: notices, allow: {}, withhold: [incident_summary], envelope: share}");
        var decision = policy.Decide(ForKr, Record(parts: Part()), Now, AllNameable);
        Assert.True(decision.Visible);
        Assert.Equal([PartVerdict.Type], decision.Parts);
    }

    [Fact]
    public void A_record_without_parts_is_visible_as_its_envelope() =>
        Expect(RecordVerdict.Visible, Policies.AllowAll(), Record());

    [Fact]
    public void The_first_verdict_that_applies_is_told()
    {
        var policy = Policies.Of("  - {name: none, deny: {}}", ceiling: "CLEAR");
        Expect(RecordVerdict.UnknownKind, policy, Record((RecordKind)77, (Marking)9, draft: true, release: Now + 1, audience: [Uk]));
        Expect(RecordVerdict.Draft, policy, Record(marking: (Marking)9, draft: true, release: Now + 1, audience: [Uk]));
        Expect(RecordVerdict.Embargo, policy, Record(marking: (Marking)9, release: Now + 1, audience: [Uk]));
        Expect(RecordVerdict.Marking, policy, Record(marking: Marking.Red, audience: [Uk]));
        Expect(RecordVerdict.Ceiling, policy, Record(marking: Marking.Amber, audience: [Uk]));
        Expect(RecordVerdict.Audience, policy, Record(marking: Marking.Clear, audience: [Uk]));
        Expect(RecordVerdict.Denied, policy, Record(marking: Marking.Clear));
    }

    [Fact]
    public void A_hidden_record_tells_nothing_of_its_parts()
    {
        var decision = Policies.AllowAll("CLEAR").Decide(ForKr, Record(parts: [Part(), Part()]), Now, AllNameable);
        Assert.False(decision.Visible);
        Assert.Empty(decision.Parts);
    }

    private static void Expect(RecordVerdict expected, SharingPolicy policy, RecordFacts facts) =>
        Assert.Equal(expected, policy.Decide(ForKr, facts, Now, AllNameable).Verdict);
}
