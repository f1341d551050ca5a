using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Operations;

/// <summary>What would change more than one in a hundred own records wants to be confirmed. The node has 300 records: three may change freely.</summary>
public sealed class ConfirmationTests : IAsyncLifetime
{
    private const string Group = "allies";

    private TestFederation federation = null!;
    private TestNode node = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartAsync("uk");
        node = federation["uk"];
        await node.AddPartnerAsync(new TestInstitute("jp").Card, share: true);
        await node.SetGroupAsync(Group);
    }

    public ValueTask DisposeAsync() => federation.DisposeAsync();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(99, 0)]
    [InlineData(300, 3)]
    [InlineData(100_000, 1000)]
    [InlineData(100_100, 1000)]
    [InlineData(50_000_000, 1000)]
    public void One_record_in_a_hundred_may_change_unconfirmed_and_never_more_than_a_thousand(long own, long free) =>
        Assert.Equal(free, Federation.Node.Operations.SharingPreview.Free(own));

    [Fact]
    public async Task A_change_of_three_in_300_records_needs_no_confirmation()
    {
        await SeedAsync(practices: 3);
        Assert.False((await PreviewAsync(TestPolicies.PracticesOnly)).ConfirmationRequired);
        await ApplyAsync(TestPolicies.PracticesOnly);
        Assert.Equal(3UL, (await node.WaitForOutboundAsync("jp", l => !l.Sweeping)).Appended);
    }

    [Fact]
    public async Task A_change_of_four_in_300_records_is_refused_and_changes_nothing_until_it_is_confirmed()
    {
        await SeedAsync(practices: 4);
        Assert.True((await PreviewAsync(TestPolicies.PracticesOnly)).ConfirmationRequired);
        await Refusals.Assert("CONFIRMATION_REQUIRED", () => ApplyAsync(TestPolicies.PracticesOnly));

        Assert.Equal(0UL, (await node.PartnerAsync("jp")).PolicyEpoch);
        Assert.Empty((await node.Operator.ListPoliciesAsync(new ListPoliciesRequest { Partner = "jp" }, cancellationToken: Token)).Policies);
        Assert.Equal(0UL, (await node.WaitForOutboundAsync("jp", l => !l.Sweeping)).Appended);

        await node.ApplyPolicyAsync("jp", TestPolicies.PracticesOnly);
        Assert.Equal(4UL, (await node.WaitForOutboundAsync("jp", l => !l.Sweeping)).Appended);
    }

    [Fact]
    public async Task A_narrowing_is_counted_as_a_widening_is()
    {
        await SeedAsync(practices: 3);
        await node.ApplyPolicyAsync("jp", TestPolicies.Green);
        await node.WaitForOutboundAsync("jp", l => !l.Sweeping && l.LiveRecords == 300);
        await Refusals.Assert("CONFIRMATION_REQUIRED", () => ApplyAsync(TestPolicies.PracticesOnly));
        await Refusals.Assert("CONFIRMATION_REQUIRED", () => ApplyAsync(TestPolicies.WithoutReproduction));

        Assert.Equal(300UL, (await node.WaitForOutboundAsync("jp", l => !l.Sweeping)).Appended);
        Assert.Equal(1UL, (await node.PartnerAsync("jp")).PolicyEpoch);
    }

    [Fact]
    public async Task A_policy_that_changes_no_record_needs_no_confirmation()
    {
        await SeedAsync(practices: 3);
        await node.ApplyPolicyAsync("jp", TestPolicies.Green);
        await node.WaitForOutboundAsync("jp", l => !l.Sweeping && l.LiveRecords == 300);
        await ApplyAsync(TestPolicies.WithoutSecretTopic.Replace("AMBER", "GREEN", StringComparison.Ordinal));
        Assert.Equal(300UL, (await node.WaitForOutboundAsync("jp", l => !l.Sweeping)).Appended);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public async Task A_membership_is_counted_as_a_policy_is(int records, bool free)
    {
        await SeedAsync(practices: 1, forGroup: records);
        await node.ApplyPolicyAsync("jp", TestPolicies.Green);
        await node.WaitForOutboundAsync("jp", l => !l.Sweeping && l.LiveRecords == (ulong)(300 - records));

        // Nothing changes for anybody if the member is no partner.
        await SetGroupAsync("sg");
        if (free)
        {
            await SetGroupAsync("jp", "sg");
        }
        else
        {
            await Refusals.Assert("CONFIRMATION_REQUIRED", () => SetGroupAsync("jp", "sg"));
            var group = Assert.Single((await node.Operator.ListGroupsAsync(new ListGroupsRequest(), cancellationToken: Token)).Groups);
            Assert.Equal((2UL, 1), (group.Epoch, group.Members.Count));
            await node.SetGroupAsync(Group, "jp", "sg");
        }

        await node.WaitForOutboundAsync("jp", l => !l.Sweeping && l.LiveRecords == 300);
    }

    // 300 records: practices, flaws for the group, and flaws for all.
    private async Task SeedAsync(int practices, int forGroup = 0)
    {
        for (var from = 0; from < 300; from += 50)
            await Task.WhenAll(Enumerable.Range(from, 50).Select(i => node.PublishAsync(Draft(i, practices, forGroup))));
    }

    private static RecordDraft Draft(int number, int practices, int forGroup)
    {
        if (number < practices)
            return Drafts.Practice($"practice {number}");
        var flaw = Drafts.Flaw($"flaw {number}");
        if (number < practices + forGroup)
            flaw.Audience.Add($"group:{Group}");
        return flaw;
    }

    private async Task ApplyAsync(string policy) =>
        await node.Operator.ApplyPolicyAsync(new ApplyPolicyRequest { Partner = "jp", Policy = policy, FileName = "test.yaml" });

    private async Task SetGroupAsync(params string[] members)
    {
        var request = new SetGroupRequest { Name = Group };
        request.Members.AddRange(members);
        await node.Operator.SetGroupAsync(request);
    }

    private async Task<DisclosureCounts> PreviewAsync(string policy) =>
        (await node.Operator.PreviewPolicyAsync(new PreviewPolicyRequest { Partner = "jp", Policy = policy, FileName = "test.yaml" })).Counts;
}
