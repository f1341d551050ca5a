using Federation.Node.Sharing;
using Xunit;

namespace Federation.Node.Tests.Sharing;

public sealed class DecisionTextTests
{
    [Fact]
    public void Each_verdict_has_a_sentence_of_its_own()
    {
        string[] sentences =
        [
            .. Enum.GetValues<RecordVerdict>().Select(DecisionText.Of),
            .. Enum.GetValues<PartVerdict>().Select(DecisionText.Of),
        ];
        Assert.Equal(sentences.Length, sentences.Distinct(StringComparer.Ordinal).Count());
        Assert.All(sentences, sentence => Assert.Matches(@"\A[A-Z].*\.\z", sentence));
    }

    [Fact]
    public void The_rule_that_decided_is_named()
    {
        Assert.Equal("Rule 'a' allows the record.", DecisionText.Of(new Decision { Verdict = RecordVerdict.Visible, Rule = "a", Parts = [] }));
        Assert.Equal("Rule 'b' denies the record.", DecisionText.Of(new Decision { Verdict = RecordVerdict.Denied, Rule = "b", Parts = [] }));
        Assert.Equal("No policy is in force for the partner.", DecisionText.Of(SharingPolicy.NoPolicy));
    }

    [Fact]
    public void A_verdict_that_is_none_has_no_sentence()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => DecisionText.Of((RecordVerdict)200));
        Assert.Throws<ArgumentOutOfRangeException>(() => DecisionText.Of((PartVerdict)200));
    }
}
