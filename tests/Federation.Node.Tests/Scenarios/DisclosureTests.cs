using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Federation.V1.Records;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Scenarios;

public sealed class DisclosureTests
{
    [Fact]
    public async Task A_published_record_appears_at_the_partner_with_the_parts_it_may_see()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.WithoutReproduction);

        var record = await federation["uk"].PublishAsync(Drafts.Flaw("a judge that likes length", "a prompt of our own"));

        var received = await federation["jp"].WaitForRecordAsync("uk", record);
        Assert.Equal("uk", received.ReceivedFrom);
        Assert.Equal("a judge that likes length", received.Envelope.Title);
        Assert.Equal([Part.ContentOneofCase.FlawSummary], received.Parts.Select(p => p.Part.ContentCase));
        Assert.DoesNotContain("a prompt of our own", received.ToString(), StringComparison.Ordinal);
        Assert.All(received.Parts, p => Assert.Null(p.Handling));
    }

    [Fact]
    public async Task Invariant_I8_a_revision_of_hidden_parts_alone_makes_no_entry()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.WithoutReproduction);
        var record = await federation["uk"].PublishAsync(Drafts.Flaw("a flaw", "first steps"));
        var before = await federation["jp"].WaitForRecordAsync("uk", record);

        await federation["uk"].ReviseAsync(record, 1, Drafts.Flaw("a flaw", "second steps"));
        await federation["uk"].ReviseAsync(record, 2, Drafts.Flaw("a flaw", "third steps"));
        await federation.SettleAsync("uk", "jp");

        // The record and the marker: one entry each.
        Assert.Equal(2UL, (await federation["uk"].OutboundAsync("jp")).Appended);
        Assert.Equal(before, await federation["jp"].FindAsync("uk", record));
    }

    [Fact]
    public async Task Invariant_I8_applying_the_same_policy_again_appends_nothing()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Everything);
        for (var i = 0; i < 20; i++)
            await federation["uk"].PublishAsync(Drafts.Flaw($"flaw {i}"));
        await federation["jp"].WaitForInboundAsync("uk", l => l.LiveRecords == 20);

        await federation["uk"].ApplyPolicyAsync("jp", TestPolicies.Everything);
        await federation["uk"].WaitForOutboundAsync("jp", l => !l.Sweeping);

        Assert.Equal(20UL, (await federation["uk"].OutboundAsync("jp")).Appended);
    }

    [Fact]
    public async Task A_withdrawn_record_travels_as_its_state()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Everything);
        var record = await federation["uk"].PublishAsync(Drafts.Flaw("a mistake"));
        await federation["jp"].WaitForRecordAsync("uk", record);

        await federation["uk"].WithdrawAsync(record, 1);

        var received = await federation["jp"].WaitForRecordAsync("uk", record, r => r.Envelope.State == RecordState.Withdrawn);
        Assert.Equal("ERROR", received.Envelope.StateReason);
        Assert.Empty(received.Parts);
    }

    [Fact]
    public async Task A_narrowed_marking_removes_the_record_from_the_partner()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Green);
        var record = await federation["uk"].PublishAsync(Drafts.Flaw("soon for fewer", "the steps"));
        await federation["jp"].WaitForRecordAsync("uk", record);
        using var bounded = Patience.Bounded();
        using var watch = federation["jp"].Records.WatchRecords(new WatchRecordsRequest(), cancellationToken: bounded.Token);
        Assert.Equal([RecordEvent.Changed, RecordEvent.UpToDate], await watch.TakeEventsAsync(2, bounded.Token));

        await federation["uk"].ReviseAsync(record, 1, Drafts.Flaw("soon for fewer", "the steps", Marking.Amber));

        await federation["jp"].WaitForAbsenceAsync("uk", record);
        Assert.Equal([RecordEvent.Removed, RecordEvent.UpToDate], await watch.TakeEventsAsync(2, bounded.Token));
        var ledger = await federation["uk"].WaitForOutboundAsync("jp", l => l.Receipted == 2);
        Assert.Equal((2UL, 0UL), (ledger.Appended, ledger.LiveRecords));
    }

    [Fact]
    public async Task An_erased_record_is_removed_from_the_partner_and_can_not_be_read_at_home()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Everything);
        var record = await federation["uk"].PublishAsync(Drafts.Flaw("a person's name"));
        await federation["jp"].WaitForRecordAsync("uk", record);

        await federation["uk"].EraseAsync(record, 1);

        await federation["jp"].WaitForAbsenceAsync("uk", record);
        Assert.Null(await federation["uk"].FindAsync("uk", record));
        await federation["uk"].WaitForOutboundAsync("jp", l => l.Receipted == 2);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => federation["uk"].ReviseAsync(record, 1, Drafts.Flaw("again")));
        Refusals.Assert("RECORD_ERASED", refusal);
    }

    [Fact]
    public async Task A_partner_that_is_added_later_is_back_filled()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Everything);
        var records = new List<string>();
        for (var i = 0; i < 300; i++)
            records.Add(await federation["uk"].PublishAsync(Drafts.Flaw($"flaw {i}")));
        federation.Add(await TestNode.StartNewAsync("sg"));

        await federation.LetFollowAsync("uk", "sg", TestPolicies.WithoutReproduction);

        await federation["sg"].WaitForInboundAsync("uk", l => l.LiveRecords == 300);
        var received = await federation["sg"].ListAllAsync();
        Assert.Equal(records.Select(r => $"uk/{r}").Order(StringComparer.Ordinal), received.Keys);
        Assert.All(received.Values, r => Assert.Single(r.Parts));
    }

    [Fact]
    public async Task A_wider_policy_discloses_and_a_narrower_one_withdraws()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.PracticesOnly);
        var flaw = await federation["uk"].PublishAsync(Drafts.Flaw("a flaw", "the steps"));
        var practice = await federation["uk"].PublishAsync(Drafts.Practice("a practice"));
        await federation["jp"].WaitForRecordAsync("uk", practice);
        Assert.Null(await federation["jp"].FindAsync("uk", flaw));

        await federation["uk"].ApplyPolicyAsync("jp", TestPolicies.WithoutReproduction);
        var part = await federation["jp"].WaitForRecordAsync("uk", flaw);
        await federation["uk"].ApplyPolicyAsync("jp", TestPolicies.Everything);
        var whole = await federation["jp"].WaitForRecordAsync("uk", flaw, r => r.Parts.Count == 2);
        await federation["uk"].ApplyPolicyAsync("jp", TestPolicies.PracticesOnly);
        await federation["jp"].WaitForAbsenceAsync("uk", flaw);

        Assert.Single(part.Parts);
        Assert.Equal((1U, 2U), (part.Revision, whole.Revision));
        Assert.NotNull(await federation["jp"].FindAsync("uk", practice));
    }

    [Fact]
    public async Task A_draft_stays_at_home()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Everything);
        var draft = Drafts.Flaw("not yet");
        draft.Draft = true;

        var record = await federation["uk"].PublishAsync(draft);
        await federation.SettleAsync("uk", "jp");

        Assert.Null(await federation["jp"].FindAsync("uk", record));
        Assert.Equal(1UL, (await federation["uk"].OutboundAsync("jp")).Appended);
    }

    [Fact]
    public async Task A_partner_that_was_away_catches_up_where_it_stopped()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Everything);
        var first = await federation["uk"].PublishAsync(Drafts.Flaw("first"));
        await federation["jp"].WaitForRecordAsync("uk", first);
        await federation["jp"].StopAsync();

        await federation["uk"].ReviseAsync(first, 1, Drafts.Flaw("first, again"));
        var second = await federation["uk"].PublishAsync(Drafts.Flaw("second"));
        await federation["jp"].StartAsync();

        await federation["jp"].WaitForRecordAsync("uk", second);
        var revised = await federation["jp"].WaitForRecordAsync("uk", first, r => r.Revision == 2);
        Assert.Equal("first, again", revised.Envelope.Title);
    }

    [Fact]
    public async Task A_restarted_origin_goes_on_after_a_hello()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Everything);
        var first = await federation["uk"].PublishAsync(Drafts.Flaw("first"));
        await federation["jp"].WaitForRecordAsync("uk", first);
        await federation["uk"].StopAsync();
        await federation["jp"].WaitForStateAsync("uk", InboundState.Disconnected);

        await federation["uk"].StartAsync();
        var second = await federation["uk"].PublishAsync(Drafts.Flaw("second"));

        await federation["jp"].WaitForRecordAsync("uk", second);
        Assert.Equal(OutboundState.Active, (await federation["uk"].OutboundAsync("jp")).State);
    }
}
