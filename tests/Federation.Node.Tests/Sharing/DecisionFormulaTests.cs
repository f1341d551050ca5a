using CsCheck;
using Federation.Node.Sharing;
using Federation.Protocol.Records;
using Xunit;
using static Federation.Node.Tests.Sharing.Facts;

namespace Federation.Node.Tests.Sharing;

public sealed class DecisionFormulaTests
{
    private static readonly Gen<HashSet<RecordName>> AnyNameable =
        Gen.Select(Gen.OneOf(Us, Kr, Uk), Gen.Int[1, 3], Name).HashSet[0, 9];

    private static readonly Gen<long> AnyTime = Gen.OneOf(0, Now - 5, Now, Now + 1, Now + 1_000, Now + (30 * Day));

    [Fact]
    public void The_engine_answers_as_the_formula_does()
    {
        var visible = 0;
        var hidden = 0;
        Gen.Select(SharingWorld.AnyPolicy, SharingWorld.AnyFacts.Array[4], SharingWorld.AnyRecipient, AnyTime, AnyNameable)
            .Sample((words, records, recipient, now, nameable) =>
            {
                if (words.Compile()?.For(recipient) is not { } policy)
                    return;
                foreach (var facts in records)
                {
                    var expected = DecisionFormula.Visible(words, recipient, facts, now, nameable.Contains);
                    Assert.Equal(expected, Seen(policy.Decide(recipient, facts, now, nameable.Contains)));
                    Interlocked.Increment(ref expected is null ? ref hidden : ref visible);
                }
            }, iter: 20_000);
        // The generators are worth something only if both answers are common.
        Assert.InRange(visible, 1_000, int.MaxValue);
        Assert.InRange(hidden, 1_000, int.MaxValue);
    }

    [Fact]
    public void The_answer_changes_at_the_moment_that_it_names_and_not_before()
    {
        var changes = 0;
        Gen.Select(SharingWorld.AnyPolicy, SharingWorld.AnyFacts, SharingWorld.AnyRecipient, AnyTime).Sample((words, facts, recipient, now) =>
        {
            if (words.Compile()?.For(recipient) is not { } policy)
                return;
            var decision = policy.Decide(recipient, facts, now, AllNameable);
            var expected = DecisionFormula.Moments(words, facts).Where(later => later > now).Order()
                .FirstOrDefault(later => !Equal(Seen(decision), DecisionFormula.Visible(words, recipient, facts, later, AllNameable)));
            Assert.Equal(expected, decision.NextChangeMs);
            if (expected != 0)
                Interlocked.Increment(ref changes);
        }, iter: 20_000);
        Assert.InRange(changes, 300, int.MaxValue);
    }

    [Fact]
    public void The_answer_stays_until_the_moment_that_it_names_whatever_may_be_named() =>
        Gen.Select(SharingWorld.AnyPolicy, SharingWorld.AnyFacts, SharingWorld.AnyRecipient, AnyTime, AnyNameable)
            .Sample((words, facts, recipient, now, nameable) =>
            {
                if (words.Compile()?.For(recipient) is not { } policy)
                    return;
                var decision = policy.Decide(recipient, facts, now, nameable.Contains);
                var end = decision.NextChangeMs == 0 ? long.MaxValue - 1 : decision.NextChangeMs - 1;
                foreach (var later in DecisionFormula.Moments(words, facts).Append(end).Where(later => later > now && later <= end))
                    Assert.Equal(Seen(decision), Seen(policy.Decide(recipient, facts, later, nameable.Contains)));
            }, iter: 5_000);

    [Fact]
    public void Rules_asked_once_give_every_partner_of_the_class_its_own_answer() =>
        Gen.Select(SharingWorld.AnyPolicy, SharingWorld.AnyFacts, SharingWorld.AnyRecipient).Sample((words, facts, recipient) =>
        {
            var renamed = words with { Rules = [.. words.Rules.Reverse().Select((rule, index) => rule with { Name = $"other {index}" })] };
            if (words.Compile()?.For(recipient) is not { } mine || renamed.Compile()?.For(recipient) is not { } theirs)
                return;
            Assert.Equal(mine.ClassHash, theirs.ClassHash);
            var match = mine.Match(facts);
            foreach (var partner in new[] { recipient, ForUk })
            {
                var expected = theirs.Decide(partner, facts, Now, AllNameable);
                var actual = theirs.Decide(match, partner, facts, Now, AllNameable);
                Assert.Equal((expected.Verdict, expected.Rule, expected.RuleOrdinal), (actual.Verdict, actual.Rule, actual.RuleOrdinal));
                Assert.Equal(expected.Parts, actual.Parts);
                Assert.Equal(expected.NextChangeMs, actual.NextChangeMs);
            }
        }, iter: 5_000);

    [Fact]
    public void A_decision_names_a_rule_of_its_own_policy_by_name_and_place() =>
        Gen.Select(SharingWorld.AnyPolicy, SharingWorld.AnyFacts, SharingWorld.AnyRecipient).Sample((words, facts, recipient) =>
        {
            if (words.Compile() is not { } document)
                return;
            var decision = document.For(recipient).Decide(recipient, facts, Now, AllNameable);
            var decided = decision.Verdict is RecordVerdict.Visible or RecordVerdict.Denied or RecordVerdict.RuleEmbargo;
            Assert.Equal(decided, decision.RuleOrdinal >= 0);
            Assert.Equal(decision.RuleOrdinal < 0 ? null : document.Rules[decision.RuleOrdinal].Name, decision.Rule);
            Assert.All(document.Rules.Index(), rule => Assert.Equal(rule.Index, rule.Item.Ordinal));
            if (decided)
                Assert.Equal(decision.Verdict == RecordVerdict.Denied, document.Rules[decision.RuleOrdinal].Denies);
        }, iter: 5_000);

    [Fact]
    public void A_record_that_may_be_named_is_visible_without_a_look_at_references_and_the_other_way_round() =>
        Gen.Select(SharingWorld.AnyPolicy, SharingWorld.AnyFacts, SharingWorld.AnyRecipient).Sample((words, facts, recipient) =>
        {
            if (words.Compile()?.For(recipient) is not { } policy)
                return;
            var without = policy.WithoutReferences(recipient, facts, Now);
            if (facts.Kind == V1.Records.RecordKind.Annotation)
                Assert.False(without.Visible);
            else
                Assert.Equal(policy.Decide(recipient, facts, Now, NoneNameable).Visible, without.Visible);
        }, iter: 2_000);

    private static bool Equal(bool[]? one, bool[]? other) => one is null || other is null ? one == other : one.SequenceEqual(other);

    private static bool[]? Seen(Decision decision) =>
        decision.Visible ? [.. decision.Parts.Select(verdict => verdict == PartVerdict.Visible)] : null;
}
