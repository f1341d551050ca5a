using Federation.Node.Ledger;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>What a store promises of ledgers: AppendDisclosures, ReadLedger, ReadTree, ConfirmContact, receipts, timers, sweeps. I1.</summary>
public abstract class LedgerContract : StoreContract
{
    private const LedgerOperation Disclose = LedgerOperation.Disclose;
    private const LedgerOperation Withdraw = LedgerOperation.Withdraw;
    private const LedgerOperation Erase = LedgerOperation.Erase;

    private protected LedgerContract(StoreDriver driver)
        : base(driver)
    {
    }

    [Fact]
    public async Task Appended_entries_are_dense_and_whole_after_a_restart_I1()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 30, Token);
        Assert.True(await stage.AppendAsync(Store, Disclose, records, Token));
        Assert.True(await stage.AppendAsync(Store, Withdraw, [records[3], records[7]], Token));
        Assert.True(await stage.AppendAsync(Store, Disclose, [records[3]], Token));
        await House.ReopenAsync();

        var head = await Store.ReadHeadAsync(stage.Partner, Token);
        Assert.Equal((33UL, 29UL), (head!.Size, head.LiveCount));
        await LedgerCheck.PassAsync(Store, settled: true, Token);
    }

    [Fact]
    public async Task A_ledger_of_many_tiles_is_loaded_and_extended_after_each_restart()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 300, Token);
        // Sizes on both sides of the edges of tiles; each life begins from what the one before left.
        foreach (var count in new[] { 255, 1, 1, 254, 2, 300, 300, 300, 7 })
        {
            Assert.True(await stage.AppendAsync(Store, Disclose, [.. records.Take(count)], Token));
            await House.ReopenAsync();
            await LedgerCheck.PassAsync(Store, settled: true, Token);
        }
    }

    [Fact]
    public async Task A_batch_judged_by_another_size_is_refused_whole()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 3, Token);
        var late = await stage.BatchAsync(Store, Disclose, records, Token);
        Assert.True(await stage.AppendAsync(Store, Disclose, [records[0]], Token));
        await AssertRefusedAsync(stage, late);
    }

    [Fact]
    public async Task A_batch_judged_by_another_policy_is_refused_whole()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 3, Token);
        var late = await stage.BatchAsync(Store, Disclose, records, Token);
        await Store.ApplyPolicyAsync(new PolicyWrite(stage.Partner, "version: 1", Digest.Zero, 1), Token);
        await AssertRefusedAsync(stage, late);
    }

    [Fact]
    public async Task A_batch_that_judged_an_older_state_of_one_record_is_refused_whole()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 3, Token);
        var late = await stage.BatchAsync(Store, Disclose, records, Token);
        await Store.WriteRecordAsync(StoreRecords.Write(3, 1), Token);
        await AssertRefusedAsync(stage, late);
    }

    [Fact]
    public async Task A_batch_for_two_partners_is_refused_whole_if_one_of_them_moved()
    {
        var first = await LedgerStage.AddAsync(Store, Token);
        var second = await LedgerStage.AddAsync(Store, Token, InstituteId.Parse("jp"));
        var records = await StoreRecords.SeedAsync(Store, 2, Token);
        var one = await first.BatchAsync(Store, Disclose, records, Token);
        var two = await second.BatchAsync(Store, Disclose, records, Token);
        Assert.True(await second.AppendAsync(Store, Disclose, [records[0]], Token));
        await AssertRefusedAsync(first, LedgerStage.Batch([one.Appends[0], two.Appends[0]], one.Judged, set: [(5, first.Partner, records[0].Rec)], position: 2));
        Assert.Equal(1UL, (await Store.ReadHeadAsync(second.Partner, Token))!.Size);
    }

    [Fact]
    public async Task Of_two_appenders_at_once_one_is_refused_and_the_ledger_stays_dense_I1()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 8, Token);
        for (var round = 0; round < 8; round++)
        {
            var batches = await Task.WhenAll(records.Take(4).Select(r => stage.BatchAsync(Store, Disclose, [r], Token)));
            var applied = await Task.WhenAll(batches.Select(b => Store.AppendDisclosuresAsync(b, Token)));
            Assert.Single(applied, a => a);
        }

        Assert.Equal(8UL, (await Store.ReadHeadAsync(stage.Partner, Token))!.Size);
        await LedgerCheck.PassAsync(Store, settled: true, Token);
    }

    [Fact]
    public async Task A_position_and_timers_are_kept_with_the_entries()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 2, Token);
        await Store.AppendDisclosuresAsync(LedgerStage.Batch(position: 2, set: [(500, stage.Partner, records[0].Rec)]), Token);
        await House.ReopenAsync();
        Assert.Equal(2, (await Store.ReadNodeAsync(Token)).SequencerPosition);
        // While a sweep is under way, timers wait for its end.
        Assert.Empty((await PendingAsync(500)).Timers);
        await EndSweepAsync(stage);
        Assert.Equal(500, (await PendingAsync(0)).NextTimerMs);
        Assert.Empty((await PendingAsync(499)).Timers);
        var due = await PendingAsync(500);
        Assert.Equal((500L, stage.Partner, records[0].Rec), Assert.Single(due.Timers));
        Assert.Equal(records[0].Rec, Assert.Single(due.Recs));
    }

    [Fact]
    public async Task Of_two_timers_for_the_same_the_earlier_one_stays()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var rec = (await StoreRecords.SeedAsync(Store, 1, Token))[0].Rec;
        await EndSweepAsync(stage);
        foreach (var at in new[] { 500, 900, 300 })
            await Store.AppendDisclosuresAsync(LedgerStage.Batch(set: [(at, stage.Partner, rec)]), Token);
        Assert.Equal(300, Assert.Single((await PendingAsync(1000)).Timers).AtMs);
    }

    [Fact]
    public async Task A_timer_that_was_set_anew_since_it_was_read_is_not_cleared()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var rec = (await StoreRecords.SeedAsync(Store, 1, Token))[0].Rec;
        await EndSweepAsync(stage);
        await Store.AppendDisclosuresAsync(LedgerStage.Batch(set: [(500, stage.Partner, rec)]), Token);
        await Store.AppendDisclosuresAsync(LedgerStage.Batch(set: [(200, stage.Partner, rec)]), Token);
        await Store.AppendDisclosuresAsync(LedgerStage.Batch(cleared: [(500, stage.Partner, rec)]), Token);
        Assert.Equal(200, Assert.Single((await PendingAsync(1000)).Timers).AtMs);
        await Store.AppendDisclosuresAsync(LedgerStage.Batch(cleared: [(200, stage.Partner, rec)], set: [(700, stage.Partner, rec)]), Token);
        Assert.Equal(700, Assert.Single((await PendingAsync(1000)).Timers).AtMs);
    }

    [Fact]
    public async Task Referrers_of_a_record_whose_visibility_flips_are_to_be_judged_again()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        await StoreRecords.SeedAsync(Store, 2, Token);
        await Store.WriteRecordAsync(new RecordWriteDraft { Name = StoreRecords.Name(3), Text = "refers", References = [StoreRecords.Name(1)] }.Build(), Token);
        var records = (await Store.QueryRecordsAsync(StoreRecords.Everything(), Token)).Records;
        (int, long) flip = (stage.Partner, records[0].Rec);
        // Nothing refers to the second one.
        Assert.True(await Store.AppendDisclosuresAsync(LedgerStage.Batch(flipsNoted: [flip, (stage.Partner, records[1].Rec)]), Token));
        // While a sweep is under way they wait for its end.
        Assert.Empty((await PendingAsync(0)).Flips);
        await EndSweepAsync(stage);
        await House.ReopenAsync();
        Assert.Equal([flip], (await PendingAsync(0)).Flips);
        Assert.Equal((records[0].Rec, records[2].Rec), Assert.Single(await Store.ReadReferrersAsync([.. records.Select(r => r.Rec)], Token)));

        await Store.AppendDisclosuresAsync(LedgerStage.Batch(flipsNoted: [flip]), Token);
        Assert.Equal([flip], (await PendingAsync(0)).Flips);
        await Store.AppendDisclosuresAsync(LedgerStage.Batch(flipsDone: [flip]), Token);
        Assert.Empty((await PendingAsync(0)).Flips);
        // Noted and done at once, nothing is left.
        await Store.AppendDisclosuresAsync(LedgerStage.Batch(flipsNoted: [flip], flipsDone: [flip]), Token);
        Assert.Empty((await PendingAsync(0)).Flips);
    }

    [Fact]
    public async Task What_was_taken_back_before_any_head_was_signed_was_never_sent()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 2, Token);
        await stage.AppendAsync(Store, Disclose, [records[0]], Token);
        await stage.AppendAsync(Store, Withdraw, [records[0]], Token);
        Assert.Equal((true, 0UL), await SentAsync(stage, records[0]));

        // Disclosed again it is new to the partner, and may be sent.
        await stage.AppendAsync(Store, Disclose, [records[0]], Token);
        Assert.Equal((false, 2UL), await SentAsync(stage, records[0]));
        await Store.ConfirmContactAsync(stage.Partner, 0, following: false, Token);
        await stage.AppendAsync(Store, Withdraw, [records[0]], Token);
        Assert.Equal((false, 2UL), await SentAsync(stage, records[0]));
    }

    [Fact]
    public async Task A_tombstone_that_was_never_sent_stays_so_when_the_record_is_erased()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 1, Token);
        await stage.AppendAsync(Store, Disclose, records, Token);
        await stage.AppendAsync(Store, Withdraw, records, Token);
        await Store.ConfirmContactAsync(stage.Partner, 0, following: true, Token);
        await stage.AppendAsync(Store, Erase, records, Token);
        Assert.Equal((true, 0UL), await SentAsync(stage, records[0]));
    }

    [Fact]
    public async Task A_confirmation_raises_the_signed_size_and_holds_for_this_life_only()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 3, Token);
        await stage.AppendAsync(Store, Disclose, [records[0]], Token);
        Assert.Equal((0UL, false), await SignedAsync(stage));
        var confirmed = await Store.ConfirmContactAsync(stage.Partner, 0, following: false, Token);
        Assert.Equal((1UL, true), (confirmed.SignedSize, confirmed.Confirmed));
        Assert.Equal(confirmed.SignedSize, (await Store.ConfirmContactAsync(stage.Partner, 0, following: false, Token)).SignedSize);

        // A partner that does not follow is sent nothing by itself; one that does may be sent each entry at once.
        await stage.AppendAsync(Store, Disclose, [records[1]], Token);
        Assert.Equal((1UL, true), await SignedAsync(stage));
        await Store.ConfirmContactAsync(stage.Partner, 0, following: true, Token);
        await stage.AppendAsync(Store, Disclose, [records[2]], Token);
        Assert.Equal((3UL, true), await SignedAsync(stage));

        await House.ReopenAsync();
        Assert.Equal((3UL, false), await SignedAsync(stage));
        await stage.AppendAsync(Store, Withdraw, [records[0]], Token);
        Assert.Equal((3UL, false), await SignedAsync(stage));
    }

    [Fact]
    public async Task The_newest_receipt_counts_and_a_repeat_or_an_older_one_harms_nothing()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        Assert.Null(await Store.ReadReceiptAsync(stage.Partner, Token));
        foreach (var (size, time) in new[] { (5UL, 100L), (9UL, 200L), (9UL, 200L), (5UL, 100L) })
        {
            var receipt = new Receipt(new LedgerId(77), 1, size, Digest.Zero, time, Digest.Zero);
            await Store.SaveReceiptAsync(stage.Partner, receipt, receipt.Encode(), [(byte)size], Token);
        }

        await House.ReopenAsync();
        var head = await Store.ReadHeadAsync(stage.Partner, Token);
        Assert.Equal((9UL, 200L), (head!.ReceiptSize, head.ReceiptMs));
        Assert.Equal([9], (await Store.ReadReceiptAsync(stage.Partner, Token))!.Value.Signature);
    }

    [Fact]
    public async Task A_stretch_is_bounded_and_carries_the_latest_entry_of_each_record_with_its_body()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 6, Token);
        await stage.AppendAsync(Store, Disclose, records, Token);
        await Store.ConfirmContactAsync(stage.Partner, 0, following: false, Token);
        await stage.AppendAsync(Store, Withdraw, [records[1]], Token);

        var all = await VisitAsync(stage, 0, 100);
        Assert.Equal([0UL, 2, 3, 4, 5, 6], all.Select(e => e.Entry.Seq));
        Assert.NotNull(all[0].Record.Body);
        Assert.Null(all[^1].Record.Body);
        Assert.Equal([3UL, 4UL], (await VisitAsync(stage, 3, 2)).Select(e => e.Entry.Seq));
        Assert.All(await VisitAsync(stage, 0, 100, withBodies: false), e => Assert.Null(e.Record.Body));
        Assert.Empty(await VisitAsync(stage, 7, 100));
        var visited = 0;
        await Store.VisitLedgerAsync(stage.Partner, 0, 100, withBodies: true, (_, _) => ++visited < 3, Token);
        Assert.Equal(3, visited);
        var ends = new List<bool>();
        await Store.VisitLedgerAsync(
            stage.Partner,
            4,
            100,
            withBodies: true,
            (stretch, entry) =>
            {
                ends.Add(entry is null);
                Assert.Null(stretch.Tile(0, 0));
                Assert.Equal([5UL, 6UL], stretch.Tail(5).Select(e => e.Entry.Seq));
                return true;
            },
            Token);
        Assert.Equal([false, false, false, true], ends);
    }

    [Fact]
    public async Task A_policy_starts_a_sweep_from_the_beginning_and_a_chunk_of_an_older_one_is_refused()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 4, Token);
        var epoch = await Store.ApplyPolicyAsync(new PolicyWrite(stage.Partner, "version: 1", Digest.Sha256([1]), 1), Token);
        Assert.Equal(new SweepProgress(stage.Partner, epoch, null, false), Assert.Single((await Store.ReadNodeAsync(Token)).Sweeps));
        var half = new SweepProgress(stage.Partner, epoch, records[1].Name.Id, false);
        Assert.True(await Store.AppendDisclosuresAsync(LedgerStage.Batch(sweep: half), Token));
        await House.ReopenAsync();
        Assert.Equal(half, Assert.Single((await Store.ReadNodeAsync(Token)).Sweeps));

        var next = await Store.ApplyPolicyAsync(new PolicyWrite(stage.Partner, "version: 1 ", Digest.Zero, 2), Token);
        Assert.Equal(epoch + 1, next);
        Assert.False(await Store.AppendDisclosuresAsync(LedgerStage.Batch(sweep: half with { Done = true }), Token));
        Assert.Equal(new SweepProgress(stage.Partner, next, null, false), Assert.Single((await Store.ReadNodeAsync(Token)).Sweeps));
        Assert.True(await Store.AppendDisclosuresAsync(LedgerStage.Batch(sweep: new SweepProgress(stage.Partner, next, null, true)), Token));
        Assert.Empty((await Store.ReadNodeAsync(Token)).Sweeps);
    }

    [Fact]
    public async Task What_waits_is_what_changed_in_a_range_and_what_is_named_each_once()
    {
        var records = await StoreRecords.SeedAsync(Store, 23, Token);
        var pending = await Store.ReadPendingAsync(records[4].ChangedN, records[19].ChangedN, 0, [records[1].Rec, records[7].Rec], Token);
        Assert.Equal(records.Skip(5).Take(15).Append(records[1]).Select(r => r.Rec).Order(), pending.Recs);
        Assert.Equal(records[19].ChangedN, pending.UpToN);
        var read = await Store.ReadReconcileAsync(0, pending.Recs, Token);
        Assert.Equal(pending.Recs, read.Candidates.Select(c => c.Record.Rec));
        Assert.Equal(Store.LastChangedN, read.AsOfN);
    }

    private async Task EndSweepAsync(LedgerStage stage)
    {
        var sweep = Assert.Single((await Store.ReadNodeAsync(Token)).Sweeps);
        Assert.Equal(stage.Partner, sweep.Partner);
        Assert.True(await Store.AppendDisclosuresAsync(LedgerStage.Batch(sweep: sweep with { Done = true }), Token));
    }

    // Of records that changed nothing is asked.
    private Task<PendingWork> PendingAsync(long nowMs) => Store.ReadPendingAsync(Store.LastChangedN, Store.LastChangedN, nowMs, [], Token);

    private async Task<(bool NeverSent, ulong FirstSeq)> SentAsync(LedgerStage stage, StoredRecord record)
    {
        var row = (await stage.ReadDisclosedAsync(Store, record.Rec, Token))!.Value;
        return (row.NeverSent, row.FirstSeq);
    }

    private async Task<(ulong SignedSize, bool Confirmed)> SignedAsync(LedgerStage stage)
    {
        var head = (await Store.ReadHeadAsync(stage.Partner, Token))!;
        return (head.SignedSize, head.Confirmed);
    }

    [Fact]
    public async Task Rows_are_pruned_only_in_tiles_that_receipts_cover_whole()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 200, Token);
        Assert.True(await stage.AppendAsync(Store, Disclose, records, Token));
        Assert.True(await stage.AppendAsync(Store, Disclose, records, Token));
        // What fills the tile beyond the receipt may never have been signed: a recovery takes it away, and the tile with it.
        Assert.Equal(0UL, await FirstAfterPruningAsync(receipted: 250));
        Assert.Equal(56UL, await FirstAfterPruningAsync(receipted: 300));

        async Task<ulong> FirstAfterPruningAsync(ulong receipted)
        {
            var receipt = new Receipt(new LedgerId(77), 1, receipted, Digest.Zero, (long)receipted, Digest.Zero);
            await Store.SaveReceiptAsync(stage.Partner, receipt, receipt.Encode(), [1], Token);
            Assert.False(await Store.PruneAsync(stage.Partner, long.MaxValue, Token));
            return (await Store.ReadTreeAsync(stage.Partner, [], 0, Token)).Tail[0].Entry.Seq;
        }
    }

    [Fact]
    public async Task What_is_proven_under_an_older_head_stays_so_when_the_ledger_grows_and_rows_at_its_end_are_pruned()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 200, Token);
        Assert.True(await stage.AppendAsync(Store, Disclose, records, Token));
        var older = (await Store.ReadHeadAsync(stage.Partner, Token))!;
        var proofs = new LedgerProofs(Store);
        var (root, path) = ((await proofs.RangeAtAsync(older, 150, Token)).Root(), await proofs.InclusionAsync(older, 100, 190, Token));

        Assert.True(await stage.AppendAsync(Store, Disclose, records, Token));
        var receipt = new Receipt(new LedgerId(77), 1, 400, Digest.Zero, 1, Digest.Zero);
        await Store.SaveReceiptAsync(stage.Partner, receipt, receipt.Encode(), [1], Token);
        Assert.False(await Store.PruneAsync(stage.Partner, long.MaxValue, Token));

        Assert.Equal(root, (await proofs.RangeAtAsync(older, 150, Token)).Root());
        Assert.Equal(path, await proofs.InclusionAsync(older, 100, 190, Token));
    }

    private async Task<List<StretchEntry>> VisitAsync(LedgerStage stage, ulong fromSeq, int maxEntries, bool withBodies = true)
    {
        var entries = new List<StretchEntry>();
        var visit = (LedgerStretch _, StretchEntry? entry) =>
        {
            if (entry is not null)
                entries.Add(entry);
            return true;
        };
        await Store.VisitLedgerAsync(stage.Partner, fromSeq, maxEntries, withBodies, visit, Token);
        return entries;
    }

    private async Task AssertRefusedAsync(LedgerStage stage, DisclosureBatch batch)
    {
        var before = await Store.ReadHeadAsync(stage.Partner, Token);
        var node = await Store.ReadNodeAsync(Token);
        Assert.False(await Store.AppendDisclosuresAsync(batch, Token));
        var after = await Store.ReadHeadAsync(stage.Partner, Token);
        Assert.Equal(before!.Size, after!.Size);
        Assert.Equal(before.Range, after.Range);
        Assert.Equal(node.SequencerPosition, (await Store.ReadNodeAsync(Token)).SequencerPosition);
        Assert.Empty(await Store.SelectRecordsAsync(
            new SelectionRequest { Selection = new RecordSelection([], []), DueMs = long.MaxValue, Partner = stage.Partner, Limit = 1 }, Token));
        await LedgerCheck.PassAsync(Store, settled: false, Token);
    }
}
