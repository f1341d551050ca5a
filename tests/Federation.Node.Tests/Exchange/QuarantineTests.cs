using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Exchange;

/// <summary>What is proven and not understood is kept from readers, counted and shown to operators; the ledger goes on.</summary>
public sealed class QuarantineTests : IAsyncLifetime
{
    private static readonly RecordId Strange = RecordId.Parse("aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa");
    private static readonly RecordId Plain = RecordId.Parse("bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb");

    private TestFederation federation = null!;
    private TestNode node = null!;
    private HostileOrigin origin = null!;

    public static TheoryData<string> Contents => [.. StrangeContent.All.Keys];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartAsync("jp");
        node = federation["jp"];
        origin = await HostileOrigin.StartAsync("uk");
        await node.AddPartnerAsync(origin.Institute.Card, follow: true);
    }

    public async ValueTask DisposeAsync()
    {
        await federation.DisposeAsync();
        await origin.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task What_is_not_understood_is_quarantined_and_the_ledger_goes_on(string name)
    {
        var (reason, make) = StrangeContent.All[name];

        origin.Append(make(origin.Institute, Strange));
        origin.Append(HostileEntry.Flaw(origin.Institute, Plain, "understood"));

        await node.WaitForRecordAsync("uk", Plain.ToString());
        var ledger = await node.WaitForInboundAsync("uk", l => l.State == InboundState.Tailing);
        Assert.Equal((2UL, 1UL, 1UL), (ledger.Applied, ledger.LiveRecords, ledger.QuarantinedRecords));
        var kept = Assert.Single((await node.Operator.ListQuarantinedAsync(new ListQuarantinedRequest(), cancellationToken: Now)).Records);
        Assert.Equal(("uk", $"{Strange}", "uk"), (kept.Origin, kept.RecordId, kept.ReceivedFrom));
        Assert.Contains(reason, kept.Reason, StringComparison.Ordinal);
        Assert.Null(await node.FindAsync("uk", Strange.ToString()));
        Assert.Equal([$"uk/{Plain}"], (await node.ListAllAsync()).Keys);
        Assert.Equal(1UL, (await node.Operator.GetNodeAsync(new GetNodeRequest(), cancellationToken: Now)).QuarantinedRecords);
        Assert.Empty(await node.EvidenceAsync("uk"));
    }

    [Fact]
    public async Task A_watch_shows_nothing_of_a_record_in_quarantine()
    {
        using var bounded = Patience.Bounded();
        using var watch = node.Records.WatchRecords(new WatchRecordsRequest(), cancellationToken: bounded.Token);
        Assert.Equal([RecordEvent.UpToDate], await watch.TakeEventsAsync(1, bounded.Token));

        origin.Append(StrangeContent.All["an unknown kind"].Make(origin.Institute, Strange));
        origin.Append(HostileEntry.Flaw(origin.Institute, Plain, "understood"));

        List<WatchRecordsResponse> seen = [];
        while (!seen.Exists(r => r.Event == RecordEvent.Changed))
            seen.AddRange(await watch.TakeAsync(1, bounded.Token));
        Assert.Equal(Plain.ToString(), seen.Single(r => r.Record is not null).Record.RecordId);
    }

    [Fact]
    public async Task A_revision_that_is_understood_leaves_the_quarantine()
    {
        origin.Append(StrangeContent.All["an unknown kind"].Make(origin.Institute, Strange));
        await node.WaitForInboundAsync("uk", l => l.QuarantinedRecords == 1);

        origin.Append(HostileEntry.Flaw(origin.Institute, Strange, "put right", vrev: 2));

        var record = await node.WaitForRecordAsync("uk", Strange.ToString());
        Assert.Equal("put right", record.Envelope.Title);
        Assert.Equal(0UL, (await node.InboundAsync("uk")).QuarantinedRecords);
    }

    [Fact]
    public async Task A_revision_that_is_not_understood_takes_the_record_from_readers()
    {
        origin.Append(HostileEntry.Flaw(origin.Institute, Strange, "understood so far", changedAs: 0));
        await node.WaitForRecordAsync("uk", Strange.ToString());
        using var bounded = Patience.Bounded();
        using var watch = node.Records.WatchRecords(new WatchRecordsRequest(), cancellationToken: bounded.Token);
        Assert.Equal([RecordEvent.Changed, RecordEvent.UpToDate], await watch.TakeEventsAsync(2, bounded.Token));

        var next = StrangeContent.All["a newer schema"].Make(origin.Institute, Strange);
        origin.Append(next with { Leaf = next.Leaf with { Vrev = 2 } });

        await node.WaitForAbsenceAsync("uk", Strange.ToString());
        Assert.Equal([RecordEvent.Removed], await watch.TakeEventsAsync(1, bounded.Token));
    }

    [Fact]
    public async Task A_signed_record_for_the_community_is_shown()
    {
        var envelope = new Envelope { Title = "for the community", Marking = Marking.Green, Onward = Onward.Community };
        origin.Append(HostileEntry.Disclose(origin.Institute, Plain, envelope, [], signer: origin.Institute.Statements));

        var record = await node.WaitForRecordAsync("uk", Plain.ToString());
        Assert.Equal(Onward.Community, record.Envelope.Onward);
    }
}
