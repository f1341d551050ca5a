using Federation.Node.Operations;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Node.Tests.Infrastructure;
using Federation.Node.Tests.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Xunit;

namespace Federation.Node.Tests.Operations;

/// <summary>R23: a scrub lasts hours. What takes the place of a ledger meanwhile is neither found faulty nor stopped for it.</summary>
public sealed class ScrubOvertakenTests : IAsyncLifetime
{
    private const int Records = 300;

    private readonly StoreHouse house = new(StoreDrivers.Sqlite);
    private readonly CapturedLog log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private INodeStore Store => house.Store;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        log.Dispose();
        await house.DisposeAsync();
    }

    [Fact]
    public async Task A_reset_during_a_scrub_leaves_the_new_incarnation_alone()
    {
        var stage = await StartOwnAsync();
        var (task, report) = await TaskAsync("own/1");
        var next = await task.Step(0, report, Token);
        var before = (await Store.ReadHeadAsync(stage.Partner, Token))!;

        Assert.True(await Store.ResetLedgerAsync(new LedgerResetWrite(stage.Partner, before.Ledger, 1, before.Ledger, 2, [1], [2], 5), Token));

        await task.Step(next, report, Token);
        await task.Finish(report, Token);
        await AssertNothingFoundAsync(report);
        Assert.Equal((2u, false), ((await Store.ReadHeadAsync(stage.Partner, Token))!.Incarnation, (await Store.ReadHeadAsync(stage.Partner, Token))!.Damaged));
    }

    [Fact]
    public async Task A_recovery_during_a_scrub_that_drops_entries_leaves_the_ledger_alone()
    {
        var stage = await StartOwnAsync();
        var kept = (await Store.ReadHeadAsync(stage.Partner, Token))!;
        var unsigned = await SeedAsync(Records + 1, 3);
        Assert.True(await stage.AppendAsync(Store, LedgerOperation.Disclose, unsigned, Token));
        var (task, report) = await TaskAsync("own/1");
        await task.Step(0, report, Token);

        Assert.NotNull(await Store.RecoverLedgerAsync(DropFrom(kept, unsigned), Token));

        await task.Step(256, report, Token);
        await task.Finish(report, Token);
        await AssertNothingFoundAsync(report);
        Assert.False((await Store.ReadHeadAsync(stage.Partner, Token))!.Damaged);
    }

    [Fact]
    public async Task A_reset_that_is_accepted_during_a_scrub_leaves_the_new_incarnation_alone()
    {
        var follow = await FollowStage.AddAsync(Store, Token);
        await follow.ApplyAsync(Store, Token, [.. Enumerable.Range(1, Records).Select(i => (i, LedgerOperation.Disclose))]);
        var (task, report) = await TaskAsync("followed/1");
        var next = await task.Step(0, report, Token);
        await OfferAsync(follow.Partner);

        Assert.True(await Store.AcceptResetAsync(follow.Partner, 2, 5, Token));

        await task.Step(next, report, Token);
        await task.Finish(report, Token);
        Assert.Equal("LEDGER_RESET", Assert.Single(await Store.ReadEvidenceAsync(null, 0, 100, Token)).Fault);
        Assert.True(report.GaveUp);
        Assert.Empty(report.Findings);
        var row = await follow.ReadAsync(Store, Token);
        Assert.Equal((2u, FollowState.Following), (row.Incarnation, row.State));
    }

    [Fact]
    public async Task A_finding_stops_the_ledger_that_it_is_about()
    {
        var stage = await StartOwnAsync();
        var (task, report) = await TaskAsync("own/1");

        await report.AddAsync("bits have flipped", Token);

        Assert.False(report.GaveUp);
        Assert.Single(report.Findings);
        Assert.True((await Store.ReadHeadAsync(stage.Partner, Token))!.Damaged);
        Assert.Equal(task.Fault, Assert.Single(await Store.ReadEvidenceAsync(null, 0, 100, Token)).Fault);
    }

    private async Task<LedgerStage> StartOwnAsync()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        Assert.True(await stage.AppendAsync(Store, LedgerOperation.Disclose, await SeedAsync(1, Records), Token));
        return stage;
    }

    private async Task<IReadOnlyList<StoredRecord>> SeedAsync(int first, int count)
    {
        var after = Store.LastChangedN;
        for (var i = first; i < first + count; i++)
            await Store.WriteRecordAsync(StoreRecords.Write(i), Token);
        return (await Store.QueryRecordsAsync(StoreRecords.Everything(after), Token)).Records;
    }

    private async Task<(ScrubTask Task, ScrubReport Report)> TaskAsync(string key)
    {
        var tasks = await new ScrubTasks(Store, new RosterSource(Store, SignatureScheme.Ecdsa, default, default)).ListAsync(Token);
        var task = tasks.Single(found => found.Item.Key == key);
        return (task, new ScrubReport(Store, TimeProvider.System, log.CreateLogger("scrub"), task));
    }

    private async Task AssertNothingFoundAsync(ScrubReport report)
    {
        Assert.True(report.GaveUp);
        Assert.Empty(report.Findings);
        Assert.Empty(await Store.ReadEvidenceAsync(null, 0, 100, Token));
        Assert.Empty(log.UnexpectedErrors);
    }

    private async Task OfferAsync(int partner) => await Store.SaveEvidenceAsync(
        new EvidenceWrite { Partner = partner, Fault = "LEDGER_RESET", Detail = "", NowMs = 4, Objects = [], HaltsFollower = true, Reset = new ResetNote(2, [1], [2]) },
        Token);

    private static LedgerRecovery DropFrom(LedgerHead kept, IReadOnlyList<StoredRecord> dropped) => new()
    {
        Partner = kept.Partner,
        ExpectedSize = kept.Size + (ulong)dropped.Count,
        ExpectedTerm = kept.Term,
        From = kept.Size,
        Dropped = [.. dropped.Select(record => (record.Rec, (DisclosedRow?)null))],
        Entries = [],
        Latest = [],
        Size = kept.Size,
        Range = kept.Range,
        LiveCount = kept.LiveCount,
        Buckets = kept.Buckets,
        Tiles = [],
        StaleUpToN = 0,
        NowMs = 5,
    };
}
