using Federation.Node.Tests.Infrastructure;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Passing;

/// <summary>Four real nodes that all stand on one list: uk issues, sg and jp follow each other and sg follows uk, us follows jp, uk follows sg.</summary>
public sealed class CycleTests : IAsyncLifetime
{
    private static readonly string[] All = ["jp", "sg", "uk", "us"];

    private TestFederation federation = null!;

    private TestNode Uk => federation["uk"];

    private TestNode Sg => federation["sg"];

    private TestNode Jp => federation["jp"];

    private TestNode Us => federation["us"];

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartAsync(All);
        var policy = OnwardSteps.PassingOn("uk", "sg", "jp");
        await federation.LetFollowAsync("uk", "sg", TestPolicies.Everything);
        await federation.LetFollowAsync("sg", "jp", policy);
        await federation.LetFollowAsync("jp", "sg", policy);
        await federation.LetFollowAsync("jp", "us", policy);
        await federation.LetFollowAsync("sg", "uk", policy);
        await federation.SetCommunityAsync("network", All, All);
        await Sg.WaitForAgreementAsync("uk", "jp");
        await Jp.WaitForAgreementAsync("sg", "us");
        await Uk.WaitForAgreementAsync("sg");
    }

    public ValueTask DisposeAsync() => federation.DisposeAsync();

    [Fact]
    public async Task Invariant_I22_nothing_goes_a_second_hop_or_back_to_its_origin()
    {
        var record = await Uk.PublishAsync(OnwardSteps.Open("one hop"));
        await Jp.WaitForRecordAsync("uk", record, view => view.Forwarded);
        await federation.SettleAsync("jp", "us");
        await federation.SettleAsync("jp", "sg");
        await federation.SettleAsync("sg", "uk");

        Assert.Null(await Us.FindAsync("uk", record));
        Assert.Equal(0, CountCopies(Us, "uk"));
        Assert.Equal(1, CountCopies(Sg, "uk"));
        Assert.Equal(0, CountForwarded(Sg));
        Assert.Equal(0, CountForwarded(Uk));
        // What jp issues itself goes its one hop: to uk through sg.
        var other = await Jp.PublishAsync(OnwardSteps.Open("of jp"));
        Assert.Equal("sg", (await Uk.WaitForRecordAsync("jp", other)).ReceivedFrom);
        Assert.Equal("jp", (await Us.WaitForRecordAsync("jp", other)).ReceivedFrom);
    }

    [Fact]
    public async Task Invariant_I16_and_row_R13_a_cycle_keeps_nothing_alive()
    {
        await federation.LetFollowAsync("uk", "jp", TestPolicies.Everything);
        await Jp.WaitForAgreementAsync("uk", "sg");
        await Sg.WaitForAgreementAsync("uk", "jp");
        var record = await Uk.PublishAsync(OnwardSteps.Open("in a circle", "steps in a circle"));
        // Either holds the record directly and through the other.
        await Patience.UntilAsync(() => Task.FromResult(CountForwarded(Sg) > 0 && CountForwarded(Jp) > 0), () => "both have a second copy");
        Assert.False((await Jp.GetAsync("uk", record)).Forwarded);
        Assert.False((await Sg.GetAsync("uk", record)).Forwarded);

        await Uk.EraseAsync(record, 1);

        await Jp.WaitForAbsenceAsync("uk", record);
        await Sg.WaitForAbsenceAsync("uk", record);
        await Patience.UntilAsync(
            () => Task.FromResult(Jp.CountInFiles("steps in a circle"u8) + Sg.CountInFiles("steps in a circle"u8) == 0), () => "no copy is left in any file");
        await Sg.StopAsync();
        await Sg.StartAsync();
        await federation.SettleAsync("sg", "jp");
        await federation.SettleAsync("jp", "sg");
        Assert.Null(await Jp.FindAsync("uk", record));
        Assert.Null(await Sg.FindAsync("uk", record));
    }

    [Fact]
    public async Task The_origin_learns_who_holds_its_record_and_a_stranger_learns_nothing()
    {
        var record = await Uk.PublishAsync(OnwardSteps.Open("asked about"));
        var kept = await Uk.PublishAsync(TestDrafts.Kept);
        await Jp.WaitForRecordAsync("uk", record);
        await Sg.WaitForRecordAsync("uk", kept);
        await WaitForStateAsync(record, RecordHolderState.Held);

        using var stranger = Jp.ChannelTo(Sg);
        await Refusals.Assert("RECORD_NOT_FOUND", async () => await stranger.Exchange.ListOnwardHoldersAsync(new ListOnwardHoldersRequest { RecordId = record }, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Empty((await stranger.Exchange.ListOnwardHoldersAsync(new ListOnwardHoldersRequest(), cancellationToken: TestContext.Current.CancellationToken)).Holders);
        using var origin = Uk.ChannelTo(Sg);
        var all = await origin.Exchange.ListOnwardHoldersAsync(new ListOnwardHoldersRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((record, "jp"), (Assert.Single(all.Holders).RecordId, all.Holders[0].Institute));
        Assert.Empty((await origin.Exchange.ListOnwardHoldersAsync(new ListOnwardHoldersRequest { RecordId = kept }, cancellationToken: TestContext.Current.CancellationToken)).Holders);
        await Refusals.Assert("RECORD_NOT_FOUND", async () => await origin.Exchange.ListOnwardHoldersAsync(new ListOnwardHoldersRequest { RecordId = $"{Guid.Empty}" }, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Empty((await Uk.Operator.ListRecordHoldersAsync(new ListRecordHoldersRequest { RecordId = kept }, cancellationToken: TestContext.Current.CancellationToken)).Partners.SelectMany(p => p.Holders));

        await Uk.EraseAsync(record, 1);

        await WaitForStateAsync(record, RecordHolderState.Confirmed);
    }

    [Fact]
    public async Task Holders_come_in_pages()
    {
        await federation.LetFollowAsync("sg", "us", OnwardSteps.PassingOn("uk"));
        await Sg.WaitForAgreementAsync("uk", "jp", "us");
        var records = new List<string>();
        for (var i = 0; i < 3; i++)
            records.Add(await Uk.PublishAsync(OnwardSteps.Open($"record {i}")));
        foreach (var record in records)
        {
            await Jp.WaitForRecordAsync("uk", record);
            await Us.WaitForRecordAsync("uk", record);
        }

        using var origin = Uk.ChannelTo(Sg);
        var found = new List<string>();
        var request = new ListOnwardHoldersRequest { PageSize = 1 };
        do
        {
            var page = await origin.Exchange.ListOnwardHoldersAsync(request, cancellationToken: TestContext.Current.CancellationToken);
            found.AddRange(page.Holders.Select(holder => $"{holder.RecordId} {holder.Institute}"));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(records.Order(StringComparer.Ordinal).SelectMany(record => (string[])[$"{record} jp", $"{record} us"]), found);
    }

    [Fact]
    public async Task Manifests_of_fellows_are_given_to_fellows_alone()
    {
        await Us.AddPartnerAsync(await Sg.CardAsync());
        await Sg.AddPartnerAsync(await Us.CardAsync());
        using var fellow = Jp.ChannelTo(Sg);
        using var other = Us.ChannelTo(Sg);

        Assert.Equal(await Uk.CardAsync() is { } card ? card.Manifests : [], (await fellow.Exchange.GetManifestsAsync(new GetManifestsRequest { Institute = "uk" }, cancellationToken: TestContext.Current.CancellationToken)).Manifests);
        await Refusals.Assert("RECORD_NOT_FOUND", async () => await other.Exchange.GetManifestsAsync(new GetManifestsRequest { Institute = "uk" }, cancellationToken: TestContext.Current.CancellationToken));
        await Refusals.Assert("RECORD_NOT_FOUND", async () => await fellow.Exchange.GetManifestsAsync(new GetManifestsRequest { Institute = "de" }, cancellationToken: TestContext.Current.CancellationToken));
    }

    private static int CountForwarded(TestNode node) => Count(node, "SELECT count(*) FROM record WHERE hop > 0");

    private static int CountCopies(TestNode node, string origin) =>
        Count(node, $"SELECT count(*) FROM record WHERE origin = x'{Convert.ToHexString(Federation.Protocol.Records.InstituteId.Parse(origin).ToBytes())}' AND kind = 3");

    private static int Count(TestNode node, string sql)
    {
        using var database = node.OpenDatabase();
        return (int)(database.Scalar(sql) ?? 0);
    }

    private Task WaitForStateAsync(string record, RecordHolderState state) => Patience.UntilAsync(
        async () =>
        {
            var said = (await Uk.Operator.ListRecordHoldersAsync(new ListRecordHoldersRequest { RecordId = record }, cancellationToken: TestContext.Current.CancellationToken)).Partners;
            return said is [{ Partner: "sg", Failure: "", Holders: [var holder] }] && holder.Institute == "jp" && holder.State == state;
        },
        () => $"sg says that jp's copy is {state}");

    private static class TestDrafts
    {
        public static RecordDraft Kept => Drafts.Flaw("not passed on");
    }
}
