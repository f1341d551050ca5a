using Federation.Node.Storage;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>What a store promises of QueryRecords: pages in the order of change, each record at its latest state, bounds kept.</summary>
public abstract class QueryContract : StoreContract
{
    private protected QueryContract(StoreDriver driver)
        : base(driver)
    {
    }

    [Fact]
    public async Task Pages_follow_each_other_in_the_order_of_change_and_end_exhausted()
    {
        await StoreRecords.SeedAsync(Store, 25, Token);
        await Store.WriteRecordAsync(StoreRecords.Write(3, 1), Token);
        var seen = new List<StoredRecord>();
        var after = 0L;
        RecordPage page;
        do
        {
            page = await Store.QueryRecordsAsync(StoreRecords.Everything(after, 10), Token);
            Assert.True(page.Records.Count <= 10);
            seen.AddRange(page.Records);
            after = page.ScannedTo;
        }
        while (!page.Exhausted);
        Assert.Equal(25, seen.Count);
        Assert.Equal(seen.OrderBy(r => r.ChangedN), seen);
        Assert.Equal((StoreRecords.Name(3), 2), (seen[^1].Name, seen[^1].Version));
        Assert.Equal(Store.LastChangedN, after);
    }

    [Fact]
    public async Task A_page_that_is_read_again_is_the_same()
    {
        await StoreRecords.SeedAsync(Store, 5, Token);
        var first = await Store.QueryRecordsAsync(StoreRecords.Everything(2, 2), Token);
        var second = await Store.QueryRecordsAsync(StoreRecords.Everything(2, 2), Token);
        Assert.Equal(first.Records.Select(r => r.ChangedN), second.Records.Select(r => r.ChangedN));
        Assert.Equal(first.ScannedTo, second.ScannedTo);
    }

    [Fact]
    public async Task Every_filter_that_is_set_has_to_match()
    {
        await WriteAsync(new RecordWriteDraft { Name = StoreRecords.Name(1), Text = "1", Kind = 2, Severity = 3, IssuedMs = 100, Topics = ["cyber.a", "x"], NowMs = 10 });
        await WriteAsync(new RecordWriteDraft { Name = StoreRecords.Name(2), Text = "2", Kind = 3, Severity = 4, IssuedMs = 200, Topics = ["cyber.b"], NowMs = 20 });
        await WriteAsync(new RecordWriteDraft { Name = StoreRecords.Name(3), Text = "3", Kind = 3, NowMs = 30, Status = RecordStatus.Draft });
        var live = StoreRecords.Everything() with { Statuses = [RecordStatus.Live] };

        Assert.Equal([1, 2], await NumbersAsync(live));
        Assert.Equal([3], await NumbersAsync(live with { Statuses = [RecordStatus.Draft] }));
        Assert.Equal([2], await NumbersAsync(live with { Kinds = [3] }));
        Assert.Equal([1], await NumbersAsync(live with { Severities = [3] }));
        Assert.Equal([1], await NumbersAsync(live with { Topics = ["x", "y"] }));
        Assert.Empty(await NumbersAsync(live with { Topics = ["cyber"] }));
        Assert.Equal([2], await NumbersAsync(live with { IssuedFromMs = 101 }));
        Assert.Equal([1], await NumbersAsync(live with { IssuedBeforeMs = 200 }));
        Assert.Equal([2], await NumbersAsync(live with { ReceivedFromMs = 20 }));
        Assert.Equal([1], await NumbersAsync(live with { ReceivedBeforeMs = 20 }));
        Assert.Equal([1, 2], await NumbersAsync(live with { Origins = [StoreRecords.Own, StoreRecords.Other] }));
        Assert.Empty(await NumbersAsync(live with { Origins = [StoreRecords.Other] }));
        Assert.Equal([1, 2], await NumbersAsync(live with { States = [1] }));
        Assert.Empty(await NumbersAsync(live with { Kinds = [3], Severities = [3] }));
    }

    [Fact]
    public async Task Texts_in_a_filter_are_only_texts()
    {
        await WriteAsync(new RecordWriteDraft { Name = StoreRecords.Name(1), Text = "1", Topics = ["it's"] });
        var live = StoreRecords.Everything();
        Assert.Equal([1], await NumbersAsync(live with { Topics = ["it's"] }));
        Assert.Empty(await NumbersAsync(live with { Topics = ["') OR 1=1 --"] }));
    }

    [Fact]
    public async Task Removed_records_come_whatever_the_filter_if_a_watcher_asks_for_them()
    {
        await StoreRecords.SeedAsync(Store, 2, Token);
        await Store.EraseRecordAsync(StoreRecords.Name(1), 1, StoreRecords.NowMs, Token);
        var query = StoreRecords.Everything() with { Statuses = [RecordStatus.Live], Kinds = [2], Topics = ["none"] };
        Assert.Empty(await NumbersAsync(query));
        Assert.Equal([1], await NumbersAsync(query with { WithRemoved = true }));
    }

    [Fact]
    public async Task A_page_without_a_match_still_moves_on()
    {
        await StoreRecords.SeedAsync(Store, 30, Token);
        var page = await Store.QueryRecordsAsync(StoreRecords.Everything() with { Kinds = [9] }, Token);
        Assert.Empty(page.Records);
        Assert.True(page.Exhausted);
        Assert.Equal(Store.LastChangedN, page.ScannedTo);
    }

    [Fact]
    public async Task A_page_of_large_bodies_ends_early_and_loses_none()
    {
        var large = new string('x', 120 * 1024);
        for (var i = 1; i <= 12; i++)
            await Store.WriteRecordAsync(StoreRecords.Write(i, 0, $"{i} {large}"), Token);
        var page = await Store.QueryRecordsAsync(StoreRecords.Everything(), Token);
        Assert.InRange(page.Records.Count, 1, 11);
        Assert.False(page.Exhausted);
        var rest = await Store.QueryRecordsAsync(StoreRecords.Everything(page.ScannedTo), Token);
        Assert.Equal(page.Records[^1].ChangedN + 1, rest.Records[0].ChangedN);
    }

    private async Task WriteAsync(RecordWriteDraft draft) => Assert.Equal(WriteVerdict.Written, (await Store.WriteRecordAsync(draft.Build(), Token)).Verdict);

    private async Task<List<int>> NumbersAsync(RecordQuery query)
    {
        var page = await Store.QueryRecordsAsync(query, Token);
        return [.. page.Records.Select(r => (int)r.Name.Id.Value)];
    }
}
