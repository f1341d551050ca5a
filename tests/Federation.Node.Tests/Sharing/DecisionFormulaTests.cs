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

    [Fact]
    public void The_engine_answers_as_the_formula_does()
    {
        var visible = 0;
        var hidden = 0;
        Gen.Select(DecisionFormula.AnyPolicy, DecisionFormula.AnyFacts, AnyNameable).Sample((words, facts, nameable) =>
        {
            var policy = Policies.Compile(words.ToYaml());
            foreach (var partner in new[] { Kr, Uk })
            {
                var expected = DecisionFormula.Visible(words, partner, facts, Now, nameable.Contains);
                Assert.Equal(expected, Seen(policy.Decide(partner, facts, Now, nameable.Contains)));
                Interlocked.Increment(ref expected is null ? ref hidden : ref visible);
            }
        }, iter: 20_000);
        // The generators are worth something only if both answers are common.
        Assert.InRange(visible, 1_000, int.MaxValue);
        Assert.InRange(hidden, 1_000, int.MaxValue);
    }

    [Fact]
    public void The_answer_stays_until_the_moment_that_it_names() =>
        Gen.Select(DecisionFormula.AnyPolicy, DecisionFormula.AnyFacts, AnyNameable).Sample((words, facts, nameable) =>
        {
            var policy = Policies.Compile(words.ToYaml());
            long[] releases = [facts.ReleaseMs, .. facts.Parts.Select(part => part.ReleaseMs)];
            foreach (var now in new[] { 0, Now - 5, Now, Now + 1 })
            {
                var decision = policy.Decide(Kr, facts, now, nameable.Contains);
                Assert.True(decision.NextChangeMs == 0 || decision.NextChangeMs > now);
                Assert.True(decision.NextChangeMs == 0 || releases.Contains(decision.NextChangeMs));
                var end = decision.NextChangeMs == 0 ? long.MaxValue : decision.NextChangeMs - 1;
                foreach (var later in releases.Append(end).Where(later => later > now && later <= end))
                    Assert.Equal(Seen(decision), Seen(policy.Decide(Kr, facts, later, nameable.Contains)));
            }
        }, iter: 5_000);

    [Fact]
    public void Rules_asked_once_give_every_partner_of_the_class_its_own_answer() =>
        Gen.Select(DecisionFormula.AnyPolicy, DecisionFormula.AnyFacts).Sample((words, facts) =>
        {
            var mine = Policies.Compile(words.ToYaml());
            var renamed = words with { Rules = [.. words.Rules.Reverse().Select((rule, index) => rule with { Name = $"other {index}" })] };
            var theirs = Policies.Compile(renamed.ToYaml());
            Assert.Equal(mine.ClassHash, theirs.ClassHash);
            var match = mine.Match(facts);
            foreach (var partner in new[] { Kr, Uk })
            {
                var expected = theirs.Decide(partner, facts, Now, AllNameable);
                var actual = theirs.Decide(match, partner, facts, Now, AllNameable);
                Assert.Equal(expected.Verdict, actual.Verdict);
                Assert.Equal(expected.Parts, actual.Parts);
                Assert.Equal(expected.NextChangeMs, actual.NextChangeMs);
            }
        }, iter: 2_000);

    [Fact]
    public void A_record_that_may_be_named_is_visible_without_a_look_at_references_and_the_other_way_round() =>
        Gen.Select(DecisionFormula.AnyPolicy, DecisionFormula.AnyFacts).Sample((words, facts) =>
        {
            var policy = Policies.Compile(words.ToYaml());
            var without = policy.WithoutReferences(Kr, facts, Now);
            if (facts.Kind == V1.Records.RecordKind.Annotation)
                Assert.False(without.Visible);
            else
                Assert.Equal(policy.Decide(Kr, facts, Now, NoneNameable).Visible, without.Visible);
        }, iter: 2_000);

    private static bool[]? Seen(Decision decision) =>
        decision.Visible ? [.. decision.Parts.Select(verdict => verdict == PartVerdict.Visible)] : null;
}
