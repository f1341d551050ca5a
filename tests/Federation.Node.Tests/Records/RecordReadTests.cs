using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf.WellKnownTypes;
using Xunit;

namespace Federation.Node.Tests.Records;

public sealed class RecordReadTests : IAsyncLifetime
{
    private TestFederation federation = null!;
    private TestNode node = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartAsync("uk");
        node = federation["uk"];
    }

    public ValueTask DisposeAsync() => federation.DisposeAsync();

    [Fact]
    public async Task Each_filter_finds_what_it_names_and_nothing_else()
    {
        var high = Drafts.Flaw("high");
        high.Envelope.Topics.Add("cyber");
        high.Envelope.Issued = new PreciseDate { Year = 2026, Month = 3, Day = 1, Precision = DatePrecision.Day };
        var low = Drafts.Flaw("low");
        low.Parts[0].Part.FlawSummary.Severity = FlawSeverity.Low;
        low.Envelope.State = RecordState.Interim;
        await node.PublishAsync(high);
        await node.PublishAsync(low);
        await node.PublishAsync(Drafts.Practice("practice"));

        Assert.Equal(["high", "low"], await TitlesAsync(f => f.Kinds.Add(RecordKind.Flaw)));
        Assert.Equal(["practice"], await TitlesAsync(f => f.Kinds.Add(RecordKind.Practice)));
        Assert.Equal(["high"], await TitlesAsync(f => f.Topics.Add("cyber")));
        Assert.Equal(["high"], await TitlesAsync(f => f.FlawSeverities.Add(FlawSeverity.High)));
        Assert.Equal(["low"], await TitlesAsync(f => f.States.Add(RecordState.Interim)));
        Assert.Equal(["high", "low", "practice"], await TitlesAsync(f => f.Origins.Add("uk")));
        Assert.Empty(await TitlesAsync(f => f.Origins.Add("jp")));
        Assert.Equal(["high"], await TitlesAsync(f => f.IssuedFrom = At(2026)));
        Assert.Empty(await TitlesAsync(f => f.IssuedBefore = At(2026)));
        Assert.Empty(await TitlesAsync(f => f.ReceivedBefore = At(2020)));
        Assert.Equal(["high", "low", "practice"], await TitlesAsync(f => f.ReceivedFrom = At(2020)));
        Assert.Empty(await TitlesAsync(f => f.Kinds.Add(RecordKind.Practice), f => f.Topics.Add("cyber")));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition()
    {
        var published = new List<string>();
        for (var i = 0; i < 25; i++)
            published.Add(await node.PublishAsync(Drafts.Practice($"practice {i}")));

        var listed = new List<string>();
        var request = new ListRecordsRequest { PageSize = 10 };
        do
        {
            var page = await node.Records.ListRecordsAsync(request, cancellationToken: Now);
            Assert.InRange(page.Records.Count, 0, 10);
            listed.AddRange(page.Records.Select(r => r.RecordId));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(published, listed);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("!!!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_token_that_was_not_given_is_refused(string token)
    {
        await Refusals.Assert("FIELD_INVALID", async () => await node.Records.ListRecordsAsync(new ListRecordsRequest { PageToken = token }, cancellationToken: Now));
        await Refusals.Assert("FIELD_INVALID", async () =>
        {
            using var watch = node.Records.WatchRecords(new WatchRecordsRequest { Cursor = token }, cancellationToken: Now);
            await watch.TakeAsync(1, Now);
        });
    }

    [Fact]
    public async Task A_token_of_another_filter_is_refused()
    {
        for (var i = 0; i < 3; i++)
            await node.PublishAsync(Drafts.Practice($"practice {i}"));
        var page = await node.Records.ListRecordsAsync(new ListRecordsRequest { PageSize = 1 }, cancellationToken: Now);
        var other = new ListRecordsRequest { PageSize = 1, Filter = new RecordFilter { Kinds = { RecordKind.Practice } }, PageToken = page.NextPageToken };

        await Refusals.Assert("FIELD_INVALID", async () => await node.Records.ListRecordsAsync(other, cancellationToken: Now));
        await Refusals.Assert("FIELD_INVALID", async () => await node.Records.ListRecordsAsync(new ListRecordsRequest { PageSize = 1001 }, cancellationToken: Now));
    }

    [Fact]
    public async Task A_watch_goes_on_from_its_cursor_across_a_restart()
    {
        using var bounded = Patience.Bounded();
        var first = await node.PublishAsync(Drafts.Practice("first"));
        string cursor;
        using (var watch = node.Records.WatchRecords(new WatchRecordsRequest(), cancellationToken: bounded.Token))
            cursor = (await watch.TakeAsync(2, bounded.Token))[1].Cursor;
        var second = await node.PublishAsync(Drafts.Practice("second"));
        await node.StopAsync();
        await node.StartAsync();
        await node.ReviseAsync(first, 1, Drafts.Practice("first, again"));

        using var resumed = node.Records.WatchRecords(new WatchRecordsRequest { Cursor = cursor }, cancellationToken: bounded.Token);
        var seen = await resumed.TakeAsync(3, bounded.Token);

        Assert.Equal([(RecordEvent.Changed, second), (RecordEvent.Changed, first)], seen.Take(2).Select(r => (r.Event, r.Record.RecordId)));
        Assert.Equal(("first, again", RecordEvent.UpToDate), (seen[1].Record.Envelope.Title, seen[2].Event));
    }

    [Fact]
    public async Task The_history_of_an_own_record_is_shown_to_publishers()
    {
        var record = await node.PublishAsync(Drafts.Practice("first"));
        var next = Drafts.Practice("second");
        next.ChangeSummary = "a better title";
        await node.ReviseAsync(record, 1, next);

        var history = (await node.FindAsync("uk", record))!.Handling.History;

        Assert.Equal([(1U, "operator", ""), (2U, "operator", "a better title")], history.Select(h => (h.Revision, h.Author, h.Summary)));
    }

    private static Timestamp At(int year) => Timestamp.FromDateTime(new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc));

    private async Task<IEnumerable<string>> TitlesAsync(params Action<RecordFilter>[] build)
    {
        var filter = new RecordFilter();
        foreach (var step in build)
            step(filter);
        return (await node.ListAllAsync(filter)).Values.Select(r => r.Envelope.Title).Order(StringComparer.Ordinal);
    }
}
