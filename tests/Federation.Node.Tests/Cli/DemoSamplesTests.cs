using Federation.Cli.Demo;
using Federation.V1.Node;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Cli;

public sealed class DemoSamplesTests
{
    [Fact]
    public void Three_institutes_publish_their_own_samples()
    {
        var dealt = DemoSamples.Deal(["uk", "jp", "sg"]);

        Assert.All(dealt.Values, drafts => Assert.True(drafts.Count >= 10));
        Assert.Equal(13, dealt.Values.SelectMany(drafts => drafts).Select(draft => draft.Kind).Distinct().Count());
    }

    [Fact]
    public void Eleven_institutes_share_the_samples_out_and_references_follow()
    {
        var institutes = DemoInstitutes.Take(DemoInstitutes.Most).Select(institute => institute.Id).ToList();

        var dealt = DemoSamples.Deal(institutes);

        Assert.All(dealt.Values, drafts => Assert.NotEmpty(drafts));
        var owners = new Dictionary<string, string>();
        foreach (var (institute, drafts) in dealt)
            drafts.ForEach(draft => owners.Add(draft.RecordId, institute));
        var targets = dealt.Values.SelectMany(drafts => drafts).Where(draft => draft.Kind == RecordKind.Annotation).Select(TargetOf).ToList();
        Assert.NotEmpty(targets);
        Assert.All(targets, target => Assert.Equal(owners[target.RecordId], target.Origin));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(11)]
    public void All_three_policies_are_in_use(int institutes)
    {
        var pairs = from first in Enumerable.Range(0, institutes) from second in Enumerable.Range(0, institutes) where first != second select (first, second);

        Assert.Equal(3, pairs.Select(pair => DemoSamples.Policy(pair.first, pair.second).Name).Distinct().Count());
    }

    private static RecordReference TargetOf(RecordDraft annotation) =>
        annotation.Parts.Select(part => part.Part.AnnotationTarget).First(target => target is not null).Target;
}
