using Federation.Node.Sharing;
using Federation.V1.Records;
using Xunit;
using static Federation.Node.Tests.Sharing.Facts;

namespace Federation.Node.Tests.Sharing;

public sealed class AudienceTests
{
    private static readonly Recipient Member = Recipient.Of(Kr, "network");

    [Fact]
    public void An_audience_names_an_institute_or_a_member_of_a_group()
    {
        var both = new Audience { Institutes = [Uk], Groups = ["network"] };
        Assert.True(both.Names(ForUk) && both.NamesItself(ForUk));
        Assert.True(both.Names(Member) && !both.NamesItself(Member));
        Assert.False(both.Names(ForKr) || both.Admits(ForKr));
        Assert.True(Audience.Everyone.IsEmpty && Audience.Everyone.Admits(ForKr) && !Audience.Everyone.Names(ForKr));
    }

    [Fact]
    public void A_group_admits_its_members_to_a_record_and_a_part()
    {
        var facts = Record(traits: new() { Groups = ["network"] }, parts: [Part(), Part(groups: ["club"])]);
        Assert.Equal([PartVerdict.Visible, PartVerdict.Audience], Policies.AllowAll().Decide(Member, facts, Now, AllNameable).Parts);
        Assert.Equal(RecordVerdict.Audience, Policies.AllowAll().Decide(ForKr, facts, Now, AllNameable).Verdict);
    }

    [Fact]
    public void A_group_without_members_admits_nobody() =>
        Assert.All([ForKr, ForUk, Member], recipient => Assert.Equal(
            RecordVerdict.Audience, Policies.AllowAll().Decide(recipient, Record(traits: new() { Groups = ["empty"] }), Now, AllNameable).Verdict));

    [Fact]
    public void A_group_does_not_name_for_RED()
    {
        var policy = Policies.AllowAll("RED");
        var record = Record(marking: Marking.Red, traits: new() { Groups = ["network"] });
        Assert.Equal(RecordVerdict.Marking, policy.Decide(Member, record, Now, AllNameable).Verdict);
        var part = Record(parts: [Part(), Part(marking: Marking.Red, groups: ["network"]), Part(marking: Marking.Red, audience: [Kr], groups: ["club"])]);
        Assert.Equal([PartVerdict.Visible, PartVerdict.Marking, PartVerdict.Visible], policy.Decide(Member, part, Now, AllNameable).Parts);
    }

    [Fact]
    public void A_rule_speaks_for_its_audience_alone()
    {
        var document = Policies.Document("""
            version: 1
            ceiling: AMBER
            rules:
              - {name: all, allow: {kinds: [flaw]}}
              - {name: members, allow: {kinds: [incident]}, audience: {groups: [network]}}
              - {name: not uk, deny: {kinds: [flaw]}, audience: {institutes: [uk]}}
            """);
        RecordVerdict Decide(Recipient recipient, RecordKind kind) => document.For(recipient).Decide(recipient, Record(kind), Now, AllNameable).Verdict;
        Assert.Equal(RecordVerdict.Visible, Decide(ForKr, RecordKind.Flaw));
        Assert.Equal(RecordVerdict.NoRule, Decide(ForKr, RecordKind.Incident));
        Assert.Equal(RecordVerdict.Visible, Decide(Member, RecordKind.Incident));
        Assert.Equal(RecordVerdict.Denied, Decide(ForUk, RecordKind.Flaw));
    }

    [Fact]
    public void A_group_has_to_exist_where_it_is_known_which_do()
    {
        const string Text = "version: 1\nceiling: AMBER\nrules:\n  - {name: a, allow: {}, audience: {groups: [netwrok]}}\n";
        var fault = Assert.Single(Policies.FaultsOf(Text, "network", "club"));
        Assert.Equal("policy.yaml:4:46: unknown group 'netwrok'; did you mean 'network'?", fault.ToString());
        Assert.Equal("unknown group 'netwrok'; known: club, other", Assert.Single(Policies.FaultsOf(Text, "other", "club")).Message);
        Assert.Single(Policies.Document(Text).Rules);
    }
}
