using CsCheck;
using Federation.Node.Sharing;
using Federation.Protocol.Records;
using Federation.V1.Records;
using Xunit;
using static Federation.Node.Tests.Sharing.Facts;
using Parts = Federation.V1.Records.Part;

namespace Federation.Node.Tests.Sharing;

public sealed class PolicyDeltaTests
{
    // Two policies that have most of their rules in common, as edits do.
    private static readonly Gen<(PolicyWords From, PolicyWords To)> AnyEdit = Gen.Select(
        SharingWorld.AnyPolicy,
        SharingWorld.AnyPolicy,
        Gen.Int[0, 5],
        (policy, other, edit) => (policy, edit switch
        {
            0 => other,
            1 => policy with { Ceiling = other.Ceiling },
            2 => policy with { Rules = [.. policy.Rules.Skip(1), other.Rules[0] with { Name = "new" }] },
            3 => policy with { Rules = [.. policy.Rules, other.Rules[0] with { Name = "new" }] },
            4 => Edit(policy, policy.Rules[0] with { Withhold = other.Rules[0].Withhold, Parts = other.Rules[0].Parts }),
            _ => Edit(policy, policy.Rules[0] with { Embargo = other.Rules[0].Embargo, SharesEnvelope = !policy.Rules[0].SharesEnvelope }),
        }));

    private static readonly Gen<long> AnyTime = Gen.OneOf(0, Now - 5, Now, Now + 1, Now + 1_000, Now + (30 * Day));

    [Fact]
    public void Every_record_that_is_decided_differently_meets_a_clause()
    {
        var differing = 0;
        var spared = 0;
        Gen.Select(AnyEdit, SharingWorld.AnyFacts.Array[6], SharingWorld.AnyRecipient, AnyTime).Sample((edit, records, recipient, now) =>
        {
            var from = edit.From.Compile()?.For(recipient);
            var to = edit.To.Compile()?.For(recipient);
            var delta = PolicyDelta.Between(from, to);
            foreach (var facts in records)
            {
                var differs = !Same(Decide(from, recipient, facts, now), Decide(to, recipient, facts, now))
                    || !Same(Named(from, recipient, facts, now), Named(to, recipient, facts, now));
                Assert.True(!differs || delta.Matches(facts), facts.Kind.ToString());
                if (differs)
                    Interlocked.Increment(ref differing);
                else if (!delta.Matches(facts) && delta.Clauses.Count > 0)
                    Interlocked.Increment(ref spared);
            }
        }, iter: 20_000);
        Assert.InRange(differing, 1_000, int.MaxValue);
        // A delta of everything would be right and worth nothing.
        Assert.InRange(spared, 5_000, int.MaxValue);
    }

    [Fact]
    public void Two_spellings_of_one_policy_do_not_differ() =>
        Gen.Select(SharingWorld.AnyPolicy, SharingWorld.AnyRecipient).Sample((words, recipient) =>
        {
            var spelled = words with
            {
                Rules = [.. words.Rules.Concat(words.Rules).Reverse().Select((rule, index) => rule with
                {
                    Name = $"other {index}", Kinds = [.. rule.Kinds.Reverse()], Topics = [.. rule.Topics, .. rule.Topics.Reverse()],
                })],
            };
            if (words.Compile() is not { } one || spelled.Compile() is not { } other)
                return;
            Assert.Equal(one.ClassHash, other.ClassHash);
            Assert.Empty(PolicyDelta.Between(one.For(recipient), other.For(recipient)).Clauses);
        }, iter: 2_000);

    [Fact]
    public void Between_policies_without_a_common_class_something_differs()
    {
        Assert.Empty(PolicyDelta.Between(null, null).Clauses);
        Assert.Empty(PolicyDelta.Between(null, Policies.Of("  - {name: a, deny: {}}")).Clauses);
        Assert.Single(PolicyDelta.Between(null, Policies.AllowAll()).Clauses);
        Assert.Single(PolicyDelta.Between(Policies.AllowAll(), null).Clauses);
    }

    [Fact]
    public void A_clause_holds_the_tests_of_the_rule_that_a_store_can_answer()
    {
        const string Further = "  - {name: b, allow: {kinds: [flaw, incident], min_marking: GREEN, max_marking: AMBER, topics: [cyber.*], languages: [en]}}";
        var clause = Assert.Single(PolicyDelta.Between(Policies.Of(Base), Policies.Of(Base + "\n" + Further)).Clauses);
        Assert.Equal([RecordKind.Incident, RecordKind.Flaw], clause.Kinds);
        Assert.Equal((Marking.Green, Marking.Amber, Marking.Unspecified), (clause.MinMarking, clause.MaxMarking, clause.AnyMarkingAbove));
        Assert.Equal("cyber.*", Assert.Single(clause.Topics).ToString());
        Assert.True(clause.Types.IsEmpty);
    }

    [Fact]
    public void Rules_that_differ_in_part_types_alone_touch_records_with_such_parts()
    {
        var from = Policies.Of("  - {name: a, allow: {kinds: [flaw]}, withhold: [link, aliases]}");
        var to = Policies.Of("  - {name: a, allow: {kinds: [flaw]}, withhold: [link], show: [import_source], parts: {flaw_codes: {max_marking: CLEAR}}}");
        var clause = Assert.Single(PolicyDelta.Between(from, to).Clauses);
        Assert.Equal([RecordKind.Flaw], clause.Kinds);
        Assert.Equal(PartTypeSet.Of(Parts.AliasesFieldNumber, Parts.ImportSourceFieldNumber, Parts.FlawCodesFieldNumber), clause.Types);
        var embargoed = Policies.Of("  - {name: a, allow: {kinds: [flaw]}, withhold: [link, aliases], embargo: {after_publication: 1h}}");
        Assert.True(Assert.Single(PolicyDelta.Between(from, embargoed).Clauses).Types.IsEmpty);
    }

    [Fact]
    public void A_ceiling_touches_records_with_a_marking_above_the_lower_one()
    {
        var delta = PolicyDelta.Between(Policies.AllowAll("RED"), Policies.AllowAll("GREEN"));
        Assert.Equal(Marking.Green, Assert.Single(delta.Clauses).AnyMarkingAbove);
        Assert.False(delta.Matches(Record(marking: Marking.Green, parts: Part(marking: Marking.Clear))));
        Assert.True(delta.Matches(Record(marking: Marking.Clear, parts: Part(marking: Marking.Amber))));
        Assert.True(delta.Matches(Record(marking: Marking.AmberStrict)));
        Assert.True(delta.Matches(Record(marking: (Marking)9)));
    }

    [Fact]
    public void A_marking_that_is_not_known_is_among_all_markings()
    {
        var all = new DeltaClause();
        Assert.True(all.Matches(Record(marking: (Marking)77)) && all.Matches(Record(marking: Marking.Unspecified)));
        Assert.True(new DeltaClause { MinMarking = Marking.Red }.Matches(Record(marking: (Marking)77)));
        Assert.False(new DeltaClause { MaxMarking = Marking.AmberStrict }.Matches(Record(marking: (Marking)77)));
    }

    private const string Base = "  - {name: a, allow: {kinds: [model]}}";

    private static PolicyWords Edit(PolicyWords policy, RuleWords first) => policy with { Rules = [first.Sane(), .. policy.Rules.Skip(1)] };

    private static bool[]? Decide(SharingPolicy? policy, Recipient recipient, RecordFacts facts, long now) =>
        Seen(policy?.Decide(recipient, facts, now, AllNameable));

    private static bool[]? Named(SharingPolicy? policy, Recipient recipient, RecordFacts facts, long now) =>
        Seen(policy?.WithoutReferences(recipient, facts, now));

    private static bool[]? Seen(Decision? decision) =>
        decision is { Visible: true } ? [.. decision.Parts.Select(verdict => verdict == PartVerdict.Visible)] : null;

    private static bool Same(bool[]? one, bool[]? other) => one is null || other is null ? one == other : one.SequenceEqual(other);
}
