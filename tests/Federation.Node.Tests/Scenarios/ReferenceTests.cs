using Federation.Node.Tests.Infrastructure;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Scenarios;

public sealed class ReferenceTests
{
    [Fact]
    public async Task A_part_that_refers_to_a_hidden_record_is_withheld_until_the_record_is_visible()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Green);
        var target = await federation["uk"].PublishAsync(Drafts.Flaw("the target", marking: Marking.Amber));
        var referrer = await federation["uk"].PublishAsync(Drafts.Practice("refers").Linking("uk", target));
        var before = await federation["jp"].WaitForRecordAsync("uk", referrer);
        Assert.DoesNotContain(before.Parts, p => p.Part.ContentCase == Part.ContentOneofCase.Link);
        Assert.DoesNotContain(target, before.ToString(), StringComparison.Ordinal);

        await federation["uk"].ReviseAsync(target, 1, Drafts.Flaw("the target", marking: Marking.Green));
        await federation["jp"].WaitForRecordAsync("uk", target);
        var after = await federation["jp"].WaitForRecordAsync("uk", referrer, r => r.Parts.Count == 2);
        Assert.Equal(target, after.Parts.Single(p => p.Part.Link is not null).Part.Link.Target.RecordId);

        await federation["uk"].ReviseAsync(target, 2, Drafts.Flaw("the target", marking: Marking.Amber));
        await federation["jp"].WaitForAbsenceAsync("uk", target);
        await federation["jp"].WaitForRecordAsync("uk", referrer, r => r.Parts.Count == 1);
    }

    [Fact]
    public async Task An_annotation_of_a_hidden_record_is_hidden_and_comes_with_it()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.WithoutSecretTopic);
        var secret = Drafts.Flaw("the target");
        secret.Envelope.Topics.Add("secret");
        var target = await federation["uk"].PublishAsync(secret);
        var annotation = await federation["uk"].PublishAsync(Drafts.Annotation("uk", target));
        await federation.SettleAsync("uk", "jp");
        Assert.Null(await federation["jp"].FindAsync("uk", target));
        Assert.Null(await federation["jp"].FindAsync("uk", annotation));
        Assert.Equal(1UL, (await federation["uk"].OutboundAsync("jp")).Appended);

        await federation["uk"].ReviseAsync(target, 1, Drafts.Flaw("the target"));

        await federation["jp"].WaitForRecordAsync("uk", target);
        await federation["jp"].WaitForRecordAsync("uk", annotation);
    }
}
