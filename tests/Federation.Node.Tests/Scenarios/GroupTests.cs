using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Federation.V1.Records;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Scenarios;

/// <summary>Groups of institutes in the audience of records and of rules.</summary>
public sealed class GroupTests
{
    private const string Group = "roster-marker-41";
    private const string OtherGroup = "other-marker-42";

    private static readonly string ForGroup = $$"""
        version: 1
        ceiling: AMBER
        rules:
          - name: practices
            allow:
              kinds: [practice]
          - name: flaws-for-the-group
            allow:
              kinds: [flaw]
            audience:
              groups: [{{Group}}]
        """;

    private static byte[] Name => System.Text.Encoding.UTF8.GetBytes(Group);

    [Fact]
    public async Task An_empty_group_shares_with_nobody_and_a_member_that_is_added_is_back_filled()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Everything);
        await federation["uk"].SetGroupAsync(Group);
        var record = await federation["uk"].PublishAsync(Flaw("for the group"));
        await federation.SettleAsync("uk", "jp");
        Assert.Null(await federation["jp"].FindAsync("uk", record));
        Assert.Equal(1UL, (await federation["uk"].OutboundAsync("jp")).Appended);

        await federation["uk"].SetGroupAsync(Group, "jp", "sg");

        await federation["jp"].WaitForRecordAsync("uk", record);
    }

    [Fact]
    public async Task A_member_that_is_removed_gets_the_withdrawal()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Everything);
        await federation["uk"].SetGroupAsync(Group, "jp");
        var record = await federation["uk"].PublishAsync(Flaw("for the group"));
        var open = await federation["uk"].PublishAsync(Drafts.Flaw("for all"));
        await federation["jp"].WaitForRecordAsync("uk", record);

        await federation["uk"].SetGroupAsync(Group, "sg");

        await federation["jp"].WaitForAbsenceAsync("uk", record);
        await federation.SettleAsync("uk", "jp");
        Assert.NotNull(await federation["jp"].FindAsync("uk", open));
        // Two records, one withdrawal, one marker.
        Assert.Equal(4UL, (await federation["uk"].OutboundAsync("jp")).Appended);
    }

    [Fact]
    public async Task Once_a_member_is_removed_nothing_for_the_group_leaves()
    {
        await using var federation = await TestFederation.StartAsync("uk");
        var node = federation["uk"];
        var partner = new TestInstitute("jp");
        await node.AddPartnerAsync(partner.Card, share: true);
        await node.ApplyPolicyAsync("jp", TestPolicies.Everything);
        using var channel = new TestChannel(node.PartnerAddress, partner.Tls);
        for (var round = 0; round < 6; round++)
        {
            await node.SetGroupAsync(Group, "jp");
            var before = (await node.WaitForOutboundAsync("jp", l => !l.Sweeping)).LiveRecords;
            for (var i = 0; i < 5; i++)
                await node.PublishAsync(Flaw($"flaw {i}", $"secret-of-round-{round}"));
            await node.WaitForOutboundAsync("jp", l => l.LiveRecords == before + 5);

            await node.SetGroupAsync(Group);
            // From here on the follower that was behind catches up.
            var sent = await channel.CatchUpAsync();

            Assert.DoesNotContain("secret-of-round-", sent, StringComparison.Ordinal);
            Assert.DoesNotContain(Group, sent, StringComparison.Ordinal);
            await node.WaitForOutboundAsync("jp", l => !l.Sweeping && l.LiveRecords == 0);
        }
    }

    [Fact]
    public async Task A_group_in_the_audience_of_one_part_opens_and_closes_that_part()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Everything);
        await federation["uk"].SetGroupAsync(Group);
        var draft = Drafts.Flaw("in part for the group", "steps for the group");
        draft.Parts.Single(p => p.Key == "steps").Audience.Add($"group:{Group}");
        var record = await federation["uk"].PublishAsync(draft);
        await federation["jp"].WaitForRecordAsync("uk", record, r => r.Parts.Count == 1);

        await federation["uk"].SetGroupAsync(Group, "jp");
        await federation["jp"].WaitForRecordAsync("uk", record, r => r.Parts.Count == 2);
        await federation["uk"].SetGroupAsync(Group);
        await federation["jp"].WaitForRecordAsync("uk", record, r => r.Parts.Count == 1);
    }

    [Fact]
    public async Task A_group_in_a_rule_of_the_policy_follows_its_members()
    {
        await using var federation = await TestFederation.StartAsync("uk", "jp");
        await federation["uk"].SetGroupAsync(Group);
        await federation.LetFollowAsync("uk", "jp", ForGroup);
        var record = await federation["uk"].PublishAsync(Drafts.Flaw("by a rule for the group"));
        await federation.SettleAsync("uk", "jp");
        Assert.Null(await federation["jp"].FindAsync("uk", record));

        await federation["uk"].SetGroupAsync(Group, "jp");
        await federation["jp"].WaitForRecordAsync("uk", record);
        await federation["uk"].SetGroupAsync(Group);
        await federation["jp"].WaitForAbsenceAsync("uk", record);
    }

    [Fact]
    public async Task A_red_record_is_not_shared_through_a_group()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Everything);
        await federation["uk"].SetGroupAsync(Group, "jp");
        var byGroup = await federation["uk"].PublishAsync(Flaw("red for the group", marking: Marking.Red));
        var named = Flaw("red for jp by name", marking: Marking.Red);
        named.Audience.Add("jp");
        var byName = await federation["uk"].PublishAsync(named);

        await federation["jp"].WaitForRecordAsync("uk", byName);
        await federation.SettleAsync("uk", "jp");
        Assert.Null(await federation["jp"].FindAsync("uk", byGroup));
        Assert.Equal(2UL, (await federation["uk"].OutboundAsync("jp")).Appended);
    }

    [Fact]
    public async Task An_unknown_group_is_refused_with_its_field_or_its_line()
    {
        await using var federation = await TestFederation.StartAsync("uk", "jp");
        var node = federation["uk"];
        await node.AddPartnerAsync(await federation["jp"].CardAsync(), share: true);

        var record = await Refusals.Assert("FIELD_INVALID", () => node.PublishAsync(Flaw("for whom")));
        Assert.Contains(record!.FieldViolations, v => v.Field.StartsWith("record.audience", StringComparison.Ordinal));
        Assert.Empty(await node.ListAllAsync());

        var refusal = await Assert.ThrowsAsync<RpcException>(() => node.ApplyPolicyAsync("jp", ForGroup));
        var line = ForGroup.Split('\n').Index().Single(l => l.Item.Contains("groups:", StringComparison.Ordinal)).Index + 1;
        Assert.Contains($"test.yaml:{line}:", Refusals.Describe(refusal), StringComparison.Ordinal);
        Assert.Equal(0UL, (await node.PartnerAsync("jp")).PolicyEpoch);

        // Once it exists, though empty, both are accepted.
        await node.SetGroupAsync(Group);
        await node.PublishAsync(Flaw("for whom"));
        await node.ApplyPolicyAsync("jp", ForGroup);
    }

    [Fact]
    public async Task A_partner_never_sees_a_roster()
    {
        await using var federation = await TestFederation.StartAsync("uk", "jp");
        await federation["uk"].SetGroupAsync(Group, "jp", "zz-roster-mate");
        await federation.LetFollowAsync("uk", "jp", ForGroup);
        var record = await federation["uk"].PublishAsync(Flaw("for the group"));
        var withheld = await federation["uk"].PublishAsync(Flaw("for the group, and withdrawn"));
        await federation["jp"].WaitForRecordAsync("uk", record);
        await federation["jp"].WaitForRecordAsync("uk", withheld);
        await federation["uk"].ReviseAsync(withheld, 1, Flaw("for the group, and withdrawn", marking: Marking.Red));
        await federation["jp"].WaitForAbsenceAsync("uk", withheld);
        await federation["uk"].SetGroupAsync(Group, "jp", "zz-roster-mate", "zz-third");
        await federation.SettleAsync("uk", "jp");

        Assert.True(federation["uk"].CountInFiles(Name) > 0, "the originator does not hold what the test looks for");
        Assert.Equal(0, federation["jp"].CountInFiles(Name));
        Assert.Equal(0, federation["jp"].CountInFiles("zz-roster-mate"u8));
        Assert.DoesNotContain(federation["jp"].Log.Lines, l => l.Text.Contains(Group, StringComparison.Ordinal));
        Assert.DoesNotContain(Group, (await federation["jp"].ListAllAsync()).Values.Aggregate("", (text, view) => text + view), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Membership_epochs_count_up_and_the_same_members_once_more_are_no_change()
    {
        await using var federation = await TestFederation.StartAsync("uk");
        var node = federation["uk"];
        Assert.Equal(1UL, await node.SetGroupAsync(Group, "jp", "sg"));
        Assert.Equal(1UL, await node.SetGroupAsync(Group, "sg", "jp", "sg"));
        Assert.Equal(2UL, await node.SetGroupAsync(Group, "jp"));
        Assert.Equal(1UL, await node.SetGroupAsync(OtherGroup));
        Assert.Equal(3UL, await node.SetGroupAsync(Group, "jp", "sg"));
        var before = await node.Operator.ListGroupsAsync(new ListGroupsRequest(), cancellationToken: TestContext.Current.CancellationToken);

        await node.StopAsync();
        await node.StartAsync();

        var after = await node.Operator.ListGroupsAsync(new ListGroupsRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(before, after);
        Assert.Equal([(OtherGroup, 1UL), (Group, 3UL)], after.Groups.Select(g => (g.Name, g.Epoch)));
        Assert.Equal(["jp", "sg"], after.Groups[1].Members);
        Assert.Equal(3UL, await node.SetGroupAsync(Group, "sg", "jp"));
    }

    [Fact]
    public async Task Members_are_members_still_after_a_restart_and_those_removed_are_not()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Everything);
        await federation["uk"].SetGroupAsync(Group, "jp");
        await federation["uk"].SetGroupAsync(OtherGroup, "jp");
        await federation["uk"].SetGroupAsync(OtherGroup);
        await federation["uk"].StopAsync();
        await federation["uk"].StartAsync();

        var record = await federation["uk"].PublishAsync(Flaw("for the group"));
        var other = Drafts.Flaw("for the other group");
        other.Audience.Add($"group:{OtherGroup}");
        var hidden = await federation["uk"].PublishAsync(other);

        await federation["jp"].WaitForRecordAsync("uk", record);
        await federation.SettleAsync("uk", "jp");
        Assert.Null(await federation["jp"].FindAsync("uk", hidden));
    }

    private static RecordDraft Flaw(string title, string secret = "as described", Marking marking = Marking.Green)
    {
        var draft = Drafts.Flaw(title, secret, marking);
        draft.Audience.Add($"group:{Group}");
        return draft;
    }
}
