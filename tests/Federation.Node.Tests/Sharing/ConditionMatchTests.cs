using Federation.V1.Records;
using Xunit;
using static Federation.Node.Tests.Sharing.Facts;

namespace Federation.Node.Tests.Sharing;

/// <summary>What conditions on a record's own attributes match; the formula says the same of all of them together.</summary>
public sealed class ConditionMatchTests
{
    private static readonly TraitWords Usual = new()
    {
        Severity = 103,
        Availability = 1,
        Language = "en-GB",
        Issued = Now,
        Onward = Onward.Community,
        Actions = PermittedActions.InternallyVisibleActions,
        Attribution = Attribution.May,
        Published = Now,
    };

    [Theory]
    [InlineData("{states: [final]}", true)]
    [InlineData("{states: [interim, withdrawn]}", false)]
    [InlineData("{min_marking: GREEN}", true)]
    [InlineData("{min_marking: AMBER}", false)]
    [InlineData("{incident_severity: {min: incident}}", true)]
    [InlineData("{incident_severity: {max: incident}}", true)]
    [InlineData("{incident_severity: {min: serious_incident}}", false)]
    [InlineData("{incident_severity: {max: serious_hazard}}", false)]
    [InlineData("{flaw_severity: {min: negligible}}", false)]
    [InlineData("{availability: [open_weights]}", true)]
    [InlineData("{availability: [unknown]}", false)]
    [InlineData("{languages: [en]}", true)]
    [InlineData("{languages: [EN-gb]}", true)]
    [InlineData("{languages: [en-US]}", false)]
    [InlineData("{languages: [e]}", false)]
    [InlineData("{issued: {from: 2026-01-01}}", true)]
    [InlineData("{issued: {from: 2026-01-01T00:00:01Z}}", false)]
    [InlineData("{issued: {before: 2026-01-01}}", false)]
    [InlineData("{issued: {before: 2026-01-01T00:00:01Z}}", true)]
    [InlineData("{onward: [community]}", true)]
    [InlineData("{onward: [none]}", false)]
    [InlineData("{permitted_actions: [internally_visible_actions]}", true)]
    [InlineData("{permitted_actions: [none, contact_for_instruction]}", false)]
    [InlineData("{attribution: [may, must]}", true)]
    [InlineData("{attribution: [must_not]}", false)]
    [InlineData("{origins: [us, de]}", true)]
    [InlineData("{origins: [de]}", false)]
    public void A_condition_matches_what_it_says(string conditions, bool matches)
    {
        Assert.Equal(matches, Allows(conditions, Usual));
        Assert.Equal(matches, Denies(conditions, Usual));
    }

    [Theory]
    [InlineData("{incident_severity: {min: hazard}}")]
    [InlineData("{availability: [open_weights, closed_weights, unreleased, unknown]}")]
    [InlineData("{languages: [en]}")]
    [InlineData("{issued: {from: 0001-01-01}}")]
    public void What_is_absent_matches_no_test(string conditions)
    {
        var nothing = new TraitWords { Language = "" };
        Assert.False(Allows(conditions, nothing));
        Assert.False(Denies(conditions, nothing));
    }

    [Theory]
    [InlineData("{incident_severity: {max: hazard}}")]
    [InlineData("{flaw_severity: {max: negligible}}")]
    [InlineData("{availability: [unknown]}")]
    [InlineData("{languages: [fr]}")]
    [InlineData("{issued: {before: 2000-01-01}}")]
    [InlineData("{permitted_actions: [none]}")]
    [InlineData("{attribution: [must]}")]
    public void What_nobody_knows_matches_each_test_of_a_denial_and_none_of_an_allowance(string conditions)
    {
        var older = Usual with { Known = false };
        Assert.False(Allows(conditions, older));
        Assert.True(Denies(conditions, older));
    }

    [Theory]
    [InlineData("{states: [interim]}")]
    [InlineData("{incident_severity: {min: hazard}}")]
    [InlineData("{availability: [unreleased]}")]
    [InlineData("{onward: [community]}")]
    [InlineData("{permitted_actions: [contact_for_instruction]}")]
    [InlineData("{attribution: [may]}")]
    public void A_number_from_a_newer_program_matches_each_test_of_a_denial_and_none_of_an_allowance(string conditions)
    {
        var newer = Usual with
        {
            State = (RecordState)9,
            Severity = 177,
            Availability = 9,
            Onward = (Onward)9,
            Actions = (PermittedActions)9,
            Attribution = (Attribution)9,
        };
        Assert.False(Allows(conditions, newer));
        Assert.True(Denies(conditions, newer));
    }

    [Theory]
    [InlineData("{onward: [none]}")]
    [InlineData("{permitted_actions: [none]}")]
    [InlineData("{attribution: [must_not]}")]
    public void What_is_left_unsaid_counts_as_the_most_restrictive(string conditions)
    {
        Assert.True(Allows(conditions, new TraitWords()));
        Assert.True(Denies(conditions, new TraitWords()));
    }

    [Fact]
    public void Records_of_others_are_shared_by_rules_that_name_their_origin_alone_and_denied_by_every_denial_that_fits()
    {
        var held = Usual with { Held = true };
        Assert.False(Allows("{}", held));
        Assert.True(Denies("{}", held));
        Assert.True(Denies("{min_marking: CLEAR}", held));
        Assert.False(Denies("{origins: [us]}", held));
        Assert.True(Allows("{origins: [de]}", held));
        Assert.True(Denies("{origins: [de, fr]}", held));
        Assert.False(Allows("{origins: [us]}", held));
    }

    private static bool Allows(string conditions, TraitWords traits) =>
        Policies.Of($"  - {{name: only, allow: {conditions}}}").Match(Record(traits: traits)).Allowance != 0;

    private static bool Denies(string conditions, TraitWords traits) =>
        Policies.Of($"  - {{name: only, deny: {conditions}}}").Match(Record(traits: traits)).Denial != 0;
}
