using Federation.Node.Sharing;
using Federation.V1.Records;
using Xunit;
using static Federation.Node.Tests.Sharing.Facts;
using Parts = Federation.V1.Records.Part;

namespace Federation.Node.Tests.Sharing;

public sealed class RuleEmbargoTests
{
    private static readonly TraitWords Today = new() { Published = Now };

    [Theory]
    [InlineData("{after_publication: 2h}", 2 * Hour)]
    [InlineData("{after_publication: 3d}", 3 * Day)]
    [InlineData("{until: 2026-01-02}", Day)]
    [InlineData("{until: 2026-01-01T01:00:00Z}", Hour)]
    [InlineData("{until: 2026-01-02, after_publication: 2h}", Day)]
    [InlineData("{until: 2026-01-02, after_publication: 3d}", 3 * Day)]
    [InlineData("{until: 1960-01-01, after_publication: 1h}", Hour)]
    public void A_record_is_held_back_until_the_later_of_both(string embargo, long afterMs)
    {
        var policy = Policies.Of($"  - {{name: waits, allow: {{}}, embargo: {embargo}}}");
        var before = policy.Decide(ForKr, Record(traits: Today), Now + afterMs - 1, AllNameable);
        Assert.Equal((RecordVerdict.RuleEmbargo, "waits", 0, Now + afterMs), (before.Verdict, before.Rule, before.RuleOrdinal, before.NextChangeMs));
        Assert.Equal("Rule 'waits' holds the record back until later.", DecisionText.Of(before));
        Assert.True(policy.Decide(ForKr, Record(traits: Today), Now + afterMs, AllNameable).Visible);
    }

    [Fact]
    public void Without_a_known_publication_an_embargo_after_it_never_ends()
    {
        var policy = Policies.Of("  - {name: waits, allow: {}, embargo: {after_publication: 1h}}");
        foreach (var traits in new[] { new TraitWords(), Today with { Known = false } })
        {
            var decision = policy.Decide(ForKr, Record(traits: traits), Now + (10_000 * Day), AllNameable);
            Assert.Equal((RecordVerdict.RuleEmbargo, 0), (decision.Verdict, decision.NextChangeMs));
        }
    }

    [Fact]
    public void Of_several_rules_the_latest_embargo_holds_and_is_named()
    {
        var policy = Policies.Of("""
              - {name: short, allow: {}, embargo: {after_publication: 1h}}
              - {name: long, allow: {kinds: [incident]}, embargo: {after_publication: 2d}}
              - {name: none, allow: {topics: [cyber]}}
              - {name: of flaws, allow: {kinds: [flaw]}, embargo: {after_publication: 9d}}
            """);
        var decision = policy.Decide(ForKr, Record(topics: ["cyber"], traits: Today), Now, AllNameable);
        Assert.Equal(("long", 1, Now + (2 * Day)), (decision.Rule, decision.RuleOrdinal, decision.NextChangeMs));
    }

    [Fact]
    public void Nothing_is_waited_for_where_nothing_will_be_left()
    {
        var policy = Policies.Of("  - {name: waits, allow: {}, withhold: [incident_summary], embargo: {after_publication: 1h}}");
        Assert.Equal(0, policy.Decide(ForKr, Record(traits: Today, parts: Part()), Now, AllNameable).NextChangeMs);
        Assert.Equal(0, policy.Decide(ForKr, Record(RecordKind.Annotation, traits: Today), Now, AllNameable).NextChangeMs);
    }

    [Fact]
    public void Parts_of_a_type_are_shared_up_to_the_lowest_marking_and_after_the_latest_embargo()
    {
        var policy = Policies.Of("""
              - {name: one, allow: {}, parts: {incident_summary: {max_marking: AMBER, embargo: {after_publication: 2h}}}}
              - name: two
                allow: {kinds: [incident]}
                parts: {incident_summary: {max_marking: GREEN, embargo: {after_publication: 1h}}, link: {max_marking: CLEAR}}
              - {name: of flaws, allow: {kinds: [flaw]}, parts: {link: {embargo: {after_publication: 9d}}}}
            """);
        var facts = Record(
            marking: Marking.Clear,
            traits: Today,
            parts: [Part(), Part(marking: Marking.Amber), Part(Parts.LinkFieldNumber), Part(Parts.LinkFieldNumber, Marking.Green)]);
        var decision = policy.Decide(ForKr, facts, Now + Hour, AllNameable);
        Assert.Equal([PartVerdict.RuleEmbargo, PartVerdict.RuleMarking, PartVerdict.Visible, PartVerdict.RuleMarking], decision.Parts);
        Assert.Equal(Now + (2 * Hour), decision.NextChangeMs);
        Assert.Equal(["one", "two", decision.Rule, "two"], facts.Parts.Zip(decision.Parts, (part, verdict) => policy.FindDeciding(facts, part, verdict)));
        Assert.Equal(PartVerdict.Visible, policy.Decide(ForKr, facts, Now + (2 * Hour), AllNameable).Parts[0]);
    }

    [Fact]
    public void The_marking_in_force_of_a_part_is_its_own_or_its_records_whichever_is_higher()
    {
        Assert.Equal(Marking.Amber, Markings.Effective(Marking.Amber, Marking.Unspecified));
        Assert.Equal(Marking.Amber, Markings.Effective(Marking.Amber, Marking.Clear));
        Assert.Equal(Marking.Red, Markings.Effective(Marking.Amber, Marking.Red));
        Assert.Equal((Marking)(-1), Markings.Effective(Marking.Amber, (Marking)(-1)));
        Assert.Equal((Marking)9, Markings.Effective((Marking)9, Marking.Red));
        var policy = Policies.Of("  - {name: a, allow: {}, parts: {incident_summary: {max_marking: GREEN}}}");
        var facts = Record(marking: Marking.Amber, parts: [Part(), Part(Parts.LinkFieldNumber)]);
        Assert.Equal(PartVerdict.RuleMarking, policy.Decide(ForKr, facts, Now, AllNameable).Parts[0]);
    }

    [Fact]
    public void The_rule_that_shows_the_source_of_an_import_is_named()
    {
        var policy = Policies.Of("  - {name: a, allow: {}}\n  - {name: b, allow: {kinds: [incident]}, show: [import_source]}");
        Assert.Equal("b", policy.FindDeciding(Record(), Part(Parts.ImportSourceFieldNumber), PartVerdict.Visible));
    }
}
