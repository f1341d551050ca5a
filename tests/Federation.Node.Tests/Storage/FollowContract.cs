using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>What a store promises of followed ledgers: SaveFollow, ApplyBatch, ReadHeld, ReadInbound. I13: a batch is there whole, or not at all.</summary>
public abstract class FollowContract : StoreContract
{
    private protected FollowContract(StoreDriver driver)
        : base(driver)
    {
    }

    [Fact]
    public async Task First_contact_is_noted_once_and_for_good()
    {
        var follow = await FollowStage.AddAsync(Store, Token);
        await Store.SaveFollowAsync(new FollowWrite(follow.Partner) { Contact = (new LedgerId(123), 4) }, Token);
        await House.ReopenAsync();
        var row = await follow.ReadAsync(Store, Token);
        Assert.Equal((FollowStage.Ledger, 1u, FollowState.Following), (row.Ledger, row.Incarnation, row.State));
    }

    [Fact]
    public async Task A_receipt_size_never_falls_and_only_a_halted_follower_is_resumed()
    {
        var follow = await FollowStage.AddAsync(Store, Token);
        await Store.SaveFollowAsync(new FollowWrite(follow.Partner) { ReceiptSize = 7 }, Token);
        await Store.SaveFollowAsync(new FollowWrite(follow.Partner) { ReceiptSize = 5 }, Token);
        Assert.Equal(7UL, (await follow.ReadAsync(Store, Token)).ReceiptSize);
        await Store.SaveEvidenceAsync(
            new EvidenceWrite { Partner = follow.Partner, Fault = "X", Detail = "", NowMs = 1, Objects = [], HaltsFollower = true }, Token);
        await Store.SaveFollowAsync(new FollowWrite(follow.Partner) { Resume = true }, Token);
        await House.ReopenAsync();
        Assert.Equal(FollowState.Following, (await follow.ReadAsync(Store, Token)).State);
    }

    [Fact]
    public async Task An_applied_batch_is_whole_after_a_restart_I13()
    {
        var follow = await FollowStage.AddAsync(Store, Token);
        Assert.Equal(new ApplyOutcome(true, false), await follow.ApplyAsync(Store, Token, (1, LedgerOperation.Disclose), (2, LedgerOperation.Disclose), (3, LedgerOperation.Withdraw)));
        Assert.Equal(new ApplyOutcome(true, true), await follow.ApplyAsync(Store, Token, (1, LedgerOperation.Disclose), (2, LedgerOperation.Withdraw)));
        await House.ReopenAsync();

        Assert.Equal(5UL, (await follow.ReadAsync(Store, Token)).Size);
        await LedgerCheck.PassAsync(Store, settled: true, Token);
        var record = Assert.Single(await Store.ReadRecordAsync(FollowStage.Name(1), Token));
        Assert.Equal((follow.Partner, 2, RecordStatus.Live), (record.Source, record.Version, record.Status));
        Assert.Equal([StoreRecords.Other], await Store.FindOriginsAsync(FollowStage.Name(1).Id, Token));
        Assert.Empty(await Store.FindOriginsAsync(FollowStage.Name(2).Id, Token));
    }

    [Fact]
    public async Task A_batch_for_another_cursor_is_refused_whole_and_a_repeat_doubles_nothing()
    {
        var follow = await FollowStage.AddAsync(Store, Token);
        var batch = await follow.BatchAsync(Store, Token, (1, LedgerOperation.Disclose), (2, LedgerOperation.Disclose));
        Assert.True((await Store.ApplyBatchAsync(batch, Token)).Applied);
        var changed = Store.LastChangedN;
        Assert.Equal(new ApplyOutcome(false, false), await Store.ApplyBatchAsync(batch, Token));
        Assert.Equal(changed, Store.LastChangedN);
        Assert.Equal(2UL, (await follow.ReadAsync(Store, Token)).Size);
        await LedgerCheck.PassAsync(Store, settled: true, Token);
    }

    [Fact]
    public async Task Of_two_appliers_of_one_cursor_one_is_refused_R3()
    {
        var follow = await FollowStage.AddAsync(Store, Token);
        var batches = await Task.WhenAll(Enumerable.Range(1, 6).Select(i => follow.BatchAsync(Store, Token, (i, LedgerOperation.Disclose))));
        var outcomes = await Task.WhenAll(batches.Select(b => Store.ApplyBatchAsync(b, Token)));
        Assert.Single(outcomes, o => o.Applied);
        await LedgerCheck.PassAsync(Store, settled: true, Token);
    }

    // Replicas of one follower on one store: a head that one has verified is never taken back by the other, which verified an older one.
    [Fact]
    public async Task Of_two_heads_of_one_size_the_store_keeps_the_first_and_refuses_what_was_verified_before_it_R3()
    {
        var follow = await FollowStage.AddAsync(Store, Token);
        await follow.ApplyAsync(Store, Token, (1, LedgerOperation.Disclose));
        var (first, second) = (await follow.IdleAsync(Store, timeMs: 30, Token), await follow.IdleAsync(Store, timeMs: 20, Token));

        Assert.True((await Store.ApplyBatchAsync(first, Token)).Applied);
        Assert.False((await Store.ApplyBatchAsync(second, Token)).Applied);

        Assert.Equal(first.Head, (await follow.ReadAsync(Store, Token)).Head);
        Assert.False((await Store.ApplyBatchAsync(first, Token)).Applied);
        await LedgerCheck.PassAsync(Store, settled: true, Token);
    }

    [Fact]
    public async Task What_one_follower_halted_no_other_one_goes_on_with_R3()
    {
        var follow = await FollowStage.AddAsync(Store, Token);
        var batch = await follow.BatchAsync(Store, Token, (1, LedgerOperation.Disclose));
        await Store.SaveEvidenceAsync(
            new EvidenceWrite { Partner = follow.Partner, Fault = "TWO_HISTORIES", Detail = "", NowMs = 1, Objects = [], HaltsFollower = true }, Token);

        Assert.False((await Store.ApplyBatchAsync(batch, Token)).Applied);

        var row = await follow.ReadAsync(Store, Token);
        Assert.Equal((FollowState.Halted, 0UL, "TWO_HISTORIES: "), (row.State, row.Size, row.Fault));
        await Store.SaveFollowAsync(new FollowWrite(follow.Partner) { Resume = true }, Token);
        Assert.True((await Store.ApplyBatchAsync(batch, Token)).Applied);
    }

    [Fact]
    public async Task A_tombstone_takes_the_content_out_of_every_file_and_stays()
    {
        var follow = await FollowStage.AddAsync(Store, Token);
        await follow.ApplyAsync(Store, Token, (1, LedgerOperation.Disclose), (2, LedgerOperation.Disclose));
        var held = Assert.Single(await Store.ReadRecordAsync(FollowStage.Name(1), Token));
        byte[][] secrets = [held.DataKey!, held.Body!, System.Text.Encoding.UTF8.GetBytes(FollowStage.TitleOf(1))];
        Assert.All(secrets, s => Assert.True(House.Holds(s), "the store does not hold what the test looks for"));

        Assert.True((await follow.ApplyAsync(Store, Token, (1, LedgerOperation.Withdraw))).ContentRemoved);
        Assert.True(await Store.ScrubAsync(Token));
        Assert.All(secrets, s => Assert.False(House.Holds(s), "the store still holds what was taken back"));
        await House.ReopenAsync();
        var tombstone = Assert.Single(await Store.ReadRecordAsync(FollowStage.Name(1), Token));
        Assert.Equal((RecordStatus.Removed, 2), (tombstone.Status, tombstone.Version));
        Assert.Null(tombstone.Body);
        var rows = await Store.ReadHeldAsync(follow.Partner, [FollowStage.Name(1), FollowStage.Name(2), FollowStage.Name(9)], Token);
        Assert.Equal((2u, false), (rows[0]!.Vrev, rows[0]!.Live));
        Assert.Equal((1u, true), (rows[1]!.Vrev, rows[1]!.Live));
        Assert.Null(rows[2]);
    }

    [Fact]
    public async Task A_tombstone_of_a_record_never_seen_is_no_event_for_watchers()
    {
        var follow = await FollowStage.AddAsync(Store, Token);
        var changed = Store.LastChangedN;
        await follow.ApplyAsync(Store, Token, (1, LedgerOperation.Withdraw), (2, LedgerOperation.Erase));
        Assert.Equal(changed, Store.LastChangedN);
        Assert.Empty((await Store.QueryRecordsAsync(StoreRecords.Everything() with { WithRemoved = true }, Token)).Records);
        await follow.ApplyAsync(Store, Token, (1, LedgerOperation.Disclose));
        Assert.Single((await Store.QueryRecordsAsync(StoreRecords.Everything(), Token)).Records);
        await LedgerCheck.PassAsync(Store, settled: true, Token);
    }

    [Fact]
    public async Task Watchers_see_own_and_received_records_in_one_order_of_change()
    {
        var follow = await FollowStage.AddAsync(Store, Token);
        await Store.WriteRecordAsync(StoreRecords.Write(1), Token);
        await follow.ApplyAsync(Store, Token, (1, LedgerOperation.Disclose), (2, LedgerOperation.Disclose));
        await Store.WriteRecordAsync(StoreRecords.Write(2), Token);
        await follow.ApplyAsync(Store, Token, (1, LedgerOperation.Withdraw));
        var records = (await Store.QueryRecordsAsync(StoreRecords.Everything(), Token)).Records;
        Assert.Equal([StoreRecords.Name(1), FollowStage.Name(2), StoreRecords.Name(2), FollowStage.Name(1)], records.Select(r => r.Name));
        Assert.Equal(RecordStatus.Removed, records[^1].Status);
    }

    [Fact]
    public async Task An_entry_known_by_its_hash_alone_counts_for_the_tree()
    {
        var follow = await FollowStage.AddAsync(Store, Token);
        await follow.ApplyAsync(Store, Token, (0, LedgerOperation.Disclose), (1, LedgerOperation.Disclose));
        var stretch = await Store.ReadInboundAsync(follow.Partner, 0, 10, Token);
        Assert.Equal([(0UL, false), (1UL, true)], stretch.Items.Select(i => (i.Seq, i.Leaf is not null)));
        Assert.Equal([1UL], stretch.Records.Keys);
        await LedgerCheck.PassAsync(Store, settled: true, Token);
    }
}
