using Federation.Node.Sharing;
using Federation.Protocol.Records;
using Federation.V1.Records;
using Xunit;
using static Federation.Node.Tests.Sharing.Facts;

namespace Federation.Node.Tests.Sharing;

/// <summary>What the handling of another institute's record lets a receiver pass on, whatever its own policy allows.</summary>
public sealed class OnwardPermissionTests
{
    private static readonly SharingPolicy Everything = Policies.Of("  - {name: others, allow: {origins: [de]}}", "RED");
    private static readonly Recipient Fellow = Of(Kr, [De]);
    private static readonly Recipient Stranger = Of(Kr, []);

    [Theory]
    [InlineData(Marking.Clear, true)]
    [InlineData(Marking.Green, true)]
    [InlineData(Marking.Amber, false)]
    [InlineData(Marking.AmberStrict, false)]
    [InlineData(Marking.Red, false)]
    public void Invariant_I22_a_community_gets_what_is_open_and_at_most_green(Marking marking, bool passes)
    {
        Assert.Equal(passes, Sees(Fellow, Held(marking, Onward.Community)));
        Assert.False(Sees(Fellow, Held(marking, Onward.None)));
        Assert.False(Sees(Fellow, Held(marking, Onward.Unspecified)));
        Assert.False(Sees(Fellow, Held(marking, (Onward)3)));
        Assert.False(Sees(Stranger, Held(marking, Onward.Community)));
    }

    [Theory]
    [InlineData(Marking.Clear, true)]
    [InlineData(Marking.Green, true)]
    [InlineData(Marking.Amber, true)]
    [InlineData(Marking.AmberStrict, false)]
    [InlineData(Marking.Red, false)]
    public void Invariant_I22_a_grant_reaches_to_amber_and_to_whom_it_names(Marking marking, bool passes)
    {
        Assert.Equal(passes, Sees(Stranger, Held(marking, Onward.None, Grant(Kr))));
        Assert.False(Sees(Stranger, Held(marking, Onward.None, Grant(Uk))));
        Assert.False(Sees(Stranger, Held(marking, Onward.None, Grant(Kr, Marking.Red))));
    }

    [Fact]
    public void A_grant_without_a_reader_permits_nobody() =>
        Assert.False(Sees(Stranger, Held(Marking.Green, Onward.None, Part(Federation.V1.Records.Part.OnwardGrantFieldNumber))));

    [Fact]
    public void Who_does_not_verify_what_is_passed_on_gets_nothing_and_neither_does_the_origin()
    {
        var open = Held(Marking.Green, Onward.Community);
        Assert.False(Sees(new Recipient { Institute = Kr, Groups = Fellow.Groups, Fellows = Fellow.Fellows }, open));
        Assert.False(Sees(Of(De, [De]), open));
    }

    [Fact]
    public void Invariant_I22_parts_are_narrower_than_their_envelope_and_never_wider()
    {
        var record = Held(
            Marking.Green, Onward.Community,
            Part(marking: Marking.Amber), Part().Saying(Onward.None), Part().Saying(Onward.Community), Part().Saying((Onward)9), Grant(Uk));

        Assert.Equal(
            [PartVerdict.Visible, PartVerdict.Onward, PartVerdict.Onward, PartVerdict.Visible, PartVerdict.Onward, PartVerdict.Audience],
            Decide(Fellow, record).Parts);
        Assert.Equal(RecordVerdict.Onward, Decide(Fellow, Held(Marking.Green, Onward.None, Part().Saying(Onward.Community))).Verdict);
    }

    [Fact]
    public void A_grant_opens_what_the_community_may_not_have()
    {
        var record = Held(Marking.Green, Onward.Community, Part(marking: Marking.Amber), Part().Saying(Onward.None), Part(marking: Marking.Red), Grant(Kr), Grant(Uk));

        Assert.Equal(
            [PartVerdict.Visible, PartVerdict.Visible, PartVerdict.Visible, PartVerdict.Marking, PartVerdict.Visible, PartVerdict.Audience],
            Decide(Fellow, record).Parts);
    }

    [Fact]
    public void A_grant_that_the_own_policy_withholds_opens_nothing()
    {
        var policy = Policies.Of("  - {name: others, allow: {origins: [de]}, withhold: [onward_grant]}", "RED");

        Assert.Equal(RecordVerdict.Onward, policy.Decide(Stranger, Held(Marking.Amber, Onward.None, Grant(Kr)), Now, AllNameable).Verdict);
        Assert.Equal(
            [PartVerdict.Visible, PartVerdict.Onward, PartVerdict.Type],
            policy.Decide(Fellow, Held(Marking.Green, Onward.Community, Part(marking: Marking.Amber), Grant(Kr)), Now, AllNameable).Parts);
    }

    [Fact]
    public void A_grant_that_the_own_policy_holds_back_opens_then()
    {
        var policy = Policies.Of("  - {name: others, allow: {origins: [de]}, parts: {onward_grant: {embargo: {until: 2026-01-02}}}}", "RED");
        var record = Held(Marking.Amber, Onward.None, Grant(Kr));

        var before = policy.Decide(Stranger, record, Now, AllNameable);

        Assert.Equal((false, Now + Day), (before.Visible, before.NextChangeMs));
        Assert.True(policy.Decide(Stranger, record, Now + Day, AllNameable).Visible);
    }

    [Fact]
    public void The_own_policy_decides_too()
    {
        var record = Held(Marking.Green, Onward.Community);
        Assert.Equal(RecordVerdict.NoRule, Policies.AllowAll().Decide(Fellow, record, Now, AllNameable).Verdict);
        Assert.Equal(RecordVerdict.Denied, Policies.Of("  - {name: a, allow: {origins: [de]}}\n  - {name: d, deny: {min_marking: GREEN}}").Decide(Fellow, record, Now, AllNameable).Verdict);
        Assert.Equal(RecordVerdict.Ceiling, Policies.Of("  - {name: a, allow: {origins: [de]}}", "CLEAR").Decide(Fellow, record, Now, AllNameable).Verdict);
    }

    [Fact]
    public void Own_records_ask_no_permission() =>
        Assert.True(Policies.AllowAll().Decide(Stranger, Record(parts: Part()), Now, AllNameable).Visible);

    private static bool Sees(Recipient recipient, RecordFacts facts) => Decide(recipient, facts).Visible;

    private static Decision Decide(Recipient recipient, RecordFacts facts) => Everything.Decide(recipient, facts, Now, AllNameable);

    private static RecordFacts Held(Marking marking, Onward onward, params PartFacts[] parts) =>
        Record(marking: marking, traits: new TraitWords { Held = true, Onward = onward }, parts: [Part(), .. parts]);

    private static PartFacts Grant(InstituteId institute, Marking marking = Marking.Unspecified) =>
        Part(Federation.V1.Records.Part.OnwardGrantFieldNumber, marking, audience: [institute]);

    private static Recipient Of(InstituteId institute, InstituteId[] fellows) => new()
    {
        Institute = institute,
        Groups = new SortedSet<string>(),
        Fellows = new SortedSet<InstituteId>(fellows),
        TakesForwarded = true,
    };
}
