using Federation.Node.Sharing;
using Federation.V1.Records;
using Xunit;
using static Federation.Node.Tests.Sharing.Facts;

namespace Federation.Node.Tests.Sharing;

public sealed class PartVerdictTests
{
    private static readonly PartFacts Plain = Part(Federation.V1.Records.Part.IncidentHarmFieldNumber);

    [Theory]
    [InlineData(-1)]
    [InlineData(6)]
    [InlineData(255)]
    public void An_unknown_marking_withholds_the_part(int marking) =>
        Expect(PartVerdict.Marking, Policies.AllowAll("RED"), Part(marking: (Marking)marking, audience: [Kr]));

    [Fact]
    public void A_red_part_needs_its_audience_to_name_the_partner()
    {
        var policy = Policies.AllowAll("RED");
        Expect(PartVerdict.Marking, policy, Part(marking: Marking.Red));
        Expect(PartVerdict.Marking, policy, Part(marking: Marking.Red, audience: []));
        Expect(PartVerdict.Marking, policy, Part(marking: Marking.Red, audience: [Uk]));
        Expect(PartVerdict.Visible, policy, Part(marking: Marking.Red, audience: [Kr]));
    }

    [Fact]
    public void A_red_part_without_an_audience_of_its_own_has_that_of_its_record()
    {
        var facts = Record(audience: [Kr], parts: [Plain, Part(marking: Marking.Red), Part(marking: Marking.Red, audience: [])]);
        var decision = Policies.AllowAll("RED").Decide(ForKr, facts, Now, AllNameable);
        Assert.Equal([PartVerdict.Visible, PartVerdict.Visible, PartVerdict.Marking], decision.Parts);
    }

    [Fact]
    public void A_part_of_a_red_record_is_red_whatever_its_own_marking_says()
    {
        var facts = Record(marking: Marking.Red, audience: [Kr], parts: [Plain, Part(marking: Marking.Clear, audience: [Uk])]);
        var decision = Policies.AllowAll("RED").Decide(ForKr, facts, Now, AllNameable);
        Assert.Equal([PartVerdict.Visible, PartVerdict.Marking], decision.Parts);
    }

    [Fact]
    public void A_part_above_the_ceiling_is_withheld() =>
        Expect(PartVerdict.Ceiling, Policies.AllowAll("GREEN"), Part(marking: Marking.Amber));

    [Fact]
    public void An_audience_of_the_part_has_to_name_the_partner()
    {
        Expect(PartVerdict.Audience, Policies.AllowAll(), Part(audience: [Uk]));
        Expect(PartVerdict.Visible, Policies.AllowAll(), Part(audience: [Uk, Kr]));
        Expect(PartVerdict.Visible, Policies.AllowAll(), Part(audience: []));
    }

    [Fact]
    public void An_embargo_withholds_the_part_up_to_its_last_millisecond()
    {
        Expect(PartVerdict.Embargo, Policies.AllowAll(), Part(release: Now + 1));
        Expect(PartVerdict.Visible, Policies.AllowAll(), Part(release: Now));
    }

    [Fact]
    public void A_withheld_type_is_withheld()
    {
        var policy = Policies.Of("  - {name: all, allow: {}, withhold: [incident_summary]}");
        Expect(PartVerdict.Type, policy, Part());
        Expect(PartVerdict.Visible, policy, Part(Federation.V1.Records.Part.IncidentCauseFieldNumber));
    }

    [Fact]
    public void The_source_of_an_import_is_withheld_unless_a_rule_shows_it()
    {
        var source = Part(Federation.V1.Records.Part.ImportSourceFieldNumber);
        Expect(PartVerdict.Type, Policies.AllowAll(), source);
        Expect(PartVerdict.Visible, Policies.Of("  - {name: all, allow: {}, show: [import_source]}"), source);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(303)]
    [InlineData(int.MaxValue)]
    [InlineData(-5)]
    public void A_type_that_is_not_known_is_withheld(int type) =>
        Expect(PartVerdict.Type, Policies.AllowAll(), Part(type));

    [Fact]
    public void The_first_verdict_that_applies_is_told()
    {
        var policy = Policies.Of("  - {name: all, allow: {}, withhold: [incident_summary]}", ceiling: "GREEN");
        Expect(PartVerdict.Marking, policy, Part(marking: Marking.Red, release: Now + 1, audience: [Uk]));
        Expect(PartVerdict.Ceiling, policy, Part(marking: Marking.Amber, release: Now + 1, audience: [Uk]));
        Expect(PartVerdict.Audience, policy, Part(release: Now + 1, audience: [Uk]));
        Expect(PartVerdict.Embargo, policy, Part(release: Now + 1));
        Expect(PartVerdict.Type, policy, Part());
    }

    [Fact]
    public void Verdicts_stand_in_the_order_of_the_parts()
    {
        var facts = Record(parts: [Part(marking: Marking.Red), Plain, Part(release: Now + 5), Part(audience: [Uk])]);
        var decision = Policies.AllowAll().Decide(ForKr, facts, Now, AllNameable);
        Assert.Equal([PartVerdict.Marking, PartVerdict.Visible, PartVerdict.Embargo, PartVerdict.Audience], decision.Parts);
    }

    // A second part keeps the record visible whatever happens to the first.
    private static void Expect(PartVerdict expected, SharingPolicy policy, PartFacts part)
    {
        var decision = policy.Decide(ForKr, Record(parts: [part, Plain]), Now, AllNameable);
        Assert.Equal([expected, PartVerdict.Visible], decision.Parts);
    }
}
