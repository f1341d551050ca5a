using Federation.Node.Storage;
using Federation.Protocol.Records;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>What a store promises of own records: WriteRecord, EraseRecord, ReadRecord, ReadHistory, FindImport, CountRecords, WaitForChange.</summary>
public abstract class RecordContract : StoreContract
{
    private protected RecordContract(StoreDriver driver)
        : base(driver)
    {
    }

    [Fact]
    public async Task A_written_record_is_whole_after_a_restart()
    {
        var write = new RecordWriteDraft { Name = StoreRecords.Name(1), Text = "first", Topics = ["a", "b"], References = [StoreRecords.Name(2)] }.Build();
        Assert.Equal(new WriteOutcome(WriteVerdict.Written, write.Name.Id, 1), await Store.WriteRecordAsync(write, Token));
        await House.ReopenAsync();

        var stored = Assert.Single(await Store.ReadRecordAsync(write.Name, Token));
        Assert.Equal((write.Name, 0, 2, 1, RecordStatus.Live), (stored.Name, stored.Source, stored.Kind, stored.Version, stored.Status));
        Assert.Equal(write.Body, stored.Body);
        Assert.Equal(write.DataKey, stored.DataKey);
        Assert.Equal(write.SaltKey, stored.SaltKey);
        Assert.Equal(write.Shape, stored.Shape);
        Assert.Equal(write.NowMs, stored.ReceivedMs);
        Assert.Equal(write.Note, Assert.Single(await Store.ReadHistoryAsync(stored.Rec, Token)));
        Assert.Equal([new RecordCount(0, RecordStatus.Live, 1)], await Store.CountRecordsAsync(Token));
        Assert.Equal(stored.ChangedN, Store.LastChangedN);
    }

    [Fact]
    public async Task A_revision_replaces_the_content_keeps_the_keys_and_adds_a_line_of_history()
    {
        await Store.WriteRecordAsync(StoreRecords.Write(1), Token);
        var before = Assert.Single(await Store.ReadRecordAsync(StoreRecords.Name(1), Token));
        var outcome = await Store.WriteRecordAsync(StoreRecords.Write(1, 1, "revised"), Token);
        Assert.Equal((WriteVerdict.Written, 2), (outcome.Verdict, outcome.Version));
        await House.ReopenAsync();

        var after = Assert.Single(await Store.ReadRecordAsync(StoreRecords.Name(1), Token));
        Assert.Equal(StoreRecords.BodyOf("revised"), after.Body);
        Assert.Equal(before.DataKey, after.DataKey);
        Assert.Equal(before.Rec, after.Rec);
        Assert.True(after.ChangedN > before.ChangedN);
        Assert.Equal([1, 2], (await Store.ReadHistoryAsync(after.Rec, Token)).Select(n => n.Revision));
    }

    [Fact]
    public async Task Refused_writes_change_nothing()
    {
        await Store.WriteRecordAsync(StoreRecords.Write(1), Token);
        await Store.WriteRecordAsync(StoreRecords.Write(1, 1), Token);
        var changed = Store.LastChangedN;

        Assert.Equal(WriteVerdict.Exists, (await Store.WriteRecordAsync(StoreRecords.Write(1), Token)).Verdict);
        Assert.Equal(WriteVerdict.NotFound, (await Store.WriteRecordAsync(StoreRecords.Write(9, 1), Token)).Verdict);
        var conflict = await Store.WriteRecordAsync(StoreRecords.Write(1, 1), Token);
        Assert.Equal((WriteVerdict.Conflict, 2), (conflict.Verdict, conflict.Version));
        var draft = new RecordWriteDraft { Name = StoreRecords.Name(1), ExpectedVersion = 2, Text = "draft", Status = RecordStatus.Draft };
        Assert.Equal(WriteVerdict.Published, (await Store.WriteRecordAsync(draft.Build(), Token)).Verdict);

        Assert.Equal(changed, Store.LastChangedN);
        var stored = Assert.Single(await Store.ReadRecordAsync(StoreRecords.Name(1), Token));
        Assert.Equal((2, changed), (stored.Version, stored.ChangedN));
    }

    [Fact]
    public async Task A_draft_becomes_a_published_record_once()
    {
        var draft = new RecordWriteDraft { Name = StoreRecords.Name(1), Text = "draft", Status = RecordStatus.Draft };
        await Store.WriteRecordAsync(draft.Build(), Token);
        Assert.Equal(RecordStatus.Draft, Assert.Single(await Store.ReadRecordAsync(StoreRecords.Name(1), Token)).Status);
        await Store.WriteRecordAsync(StoreRecords.Write(1, 1), Token);
        Assert.Equal(RecordStatus.Live, Assert.Single(await Store.ReadRecordAsync(StoreRecords.Name(1), Token)).Status);
    }

    [Fact]
    public async Task A_repeat_with_the_same_key_returns_the_first_result_for_7_days()
    {
        var first = Keyed(1, "k", "body", StoreRecords.NowMs);
        Assert.Equal(WriteVerdict.Written, (await Store.WriteRecordAsync(first, Token)).Verdict);
        await House.ReopenAsync();
        var changed = Store.LastChangedN;

        const long week = 7L * 24 * 60 * 60 * 1000;
        // A new call draws a new id: the answer is that of the first one.
        var repeat = await Store.WriteRecordAsync(Keyed(2, "k", "body", StoreRecords.NowMs + week - 1), Token);
        Assert.Equal(new WriteOutcome(WriteVerdict.Repeated, StoreRecords.Name(1).Id, 1), repeat);
        var other = await Store.WriteRecordAsync(Keyed(2, "k", "another body", StoreRecords.NowMs + week - 1), Token);
        Assert.Equal(WriteVerdict.KeyReused, other.Verdict);
        Assert.Equal(changed, Store.LastChangedN);
        Assert.Empty(await Store.ReadRecordAsync(StoreRecords.Name(2), Token));

        var later = await Store.WriteRecordAsync(Keyed(3, "k", "another body", StoreRecords.NowMs + week), Token);
        Assert.Equal(new WriteOutcome(WriteVerdict.Written, StoreRecords.Name(3).Id, 1), later);
    }

    [Fact]
    public async Task An_idempotency_key_belongs_to_its_client()
    {
        await Store.WriteRecordAsync(Keyed(1, "k", "body", StoreRecords.NowMs), Token);
        var other = Keyed(2, "k", "body", StoreRecords.NowMs, client: "another");
        Assert.Equal(WriteVerdict.Written, (await Store.WriteRecordAsync(other, Token)).Verdict);
    }

    [Fact]
    public async Task Two_equal_calls_at_once_write_one_record()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 40).Select(i => Store.WriteRecordAsync(Keyed(i, "same", "body", StoreRecords.NowMs), Token)));
        Assert.Single(outcomes, o => o.Verdict == WriteVerdict.Written);
        Assert.Single(outcomes.Select(o => o.Id).Distinct());
        Assert.Single((await Store.QueryRecordsAsync(StoreRecords.Everything(), Token)).Records);
    }

    [Fact]
    public async Task An_import_is_found_again_and_its_key_is_taken_once()
    {
        var import = new ImportKey("avid", "AVID-1", "a.json", Digest.Sha256([1]));
        var write = new RecordWriteDraft { Name = StoreRecords.Name(1), Text = "imported", Import = import };
        Assert.Null(await Store.FindImportAsync(import, Token));
        await Store.WriteRecordAsync(write.Build(), Token);
        await House.ReopenAsync();
        Assert.Equal(new ImportMatch(StoreRecords.Name(1), 1, import.RawDigest), await Store.FindImportAsync(import, Token));
        var second = new RecordWriteDraft { Name = StoreRecords.Name(2), Text = "imported", Import = import };
        Assert.Equal(WriteVerdict.Exists, (await Store.WriteRecordAsync(second.Build(), Token)).Verdict);
        Assert.Empty(await Store.ReadRecordAsync(StoreRecords.Name(2), Token));
    }

    [Fact]
    public async Task An_erased_record_keeps_its_row_and_nothing_else()
    {
        await Store.WriteRecordAsync(new RecordWriteDraft { Name = StoreRecords.Name(1), Text = "first", Topics = ["a"] }.Build(), Token);
        var rec = Assert.Single(await Store.ReadRecordAsync(StoreRecords.Name(1), Token)).Rec;
        Assert.Equal(WriteVerdict.Conflict, (await Store.EraseRecordAsync(StoreRecords.Name(1), 7, StoreRecords.NowMs, Token)).Verdict);
        Assert.Equal(WriteVerdict.NotFound, (await Store.EraseRecordAsync(StoreRecords.Name(8), 1, StoreRecords.NowMs, Token)).Verdict);
        var outcome = await Store.EraseRecordAsync(StoreRecords.Name(1), 1, StoreRecords.NowMs, Token);
        Assert.Equal((WriteVerdict.Written, 2), (outcome.Verdict, outcome.Version));
        await House.ReopenAsync();

        var erased = Assert.Single(await Store.ReadRecordAsync(StoreRecords.Name(1), Token));
        Assert.Equal((rec, RecordStatus.Erased), (erased.Rec, erased.Status));
        Assert.Empty(erased.Shape);
        Assert.Null(erased.Body);
        Assert.Null(erased.DataKey);
        Assert.Null(erased.SaltKey);
        Assert.All(await Store.ReadHistoryAsync(rec, Token), note => Assert.Empty(note.Summary));
        var changed = Store.LastChangedN;
        Assert.Equal(WriteVerdict.Repeated, (await Store.EraseRecordAsync(StoreRecords.Name(1), 1, StoreRecords.NowMs, Token)).Verdict);
        Assert.Equal(WriteVerdict.Erased, (await Store.WriteRecordAsync(StoreRecords.Write(1, 2), Token)).Verdict);
        Assert.Equal(changed, Store.LastChangedN);
    }

    [Fact]
    public async Task After_an_erasure_no_file_of_the_store_holds_a_value_a_key_or_a_text_of_the_record()
    {
        const string canary = "canary-4f1d2c";
        var write = new RecordWriteDraft { Name = StoreRecords.Name(1), Text = canary, Topics = [$"{canary}-topic"] }.Build();
        await Store.WriteRecordAsync(write, Token);
        for (var i = 2; i < 60; i++)
            await Store.WriteRecordAsync(StoreRecords.Write(i), Token);
        byte[][] secrets = [System.Text.Encoding.UTF8.GetBytes(canary), write.DataKey, write.SaltKey];
        Assert.All(secrets, s => Assert.True(House.Holds(s), "the store does not hold what the test looks for"));

        await Store.EraseRecordAsync(StoreRecords.Name(1), 1, StoreRecords.NowMs, Token);
        Assert.True(await Store.ScrubAsync(Token));
        Assert.All(secrets, s => Assert.False(House.Holds(s), "the store still holds what was erased"));
    }

    [Fact]
    public async Task Change_numbers_grow_with_each_write_and_wake_who_waits_for_them()
    {
        var waiting = Store.WaitForChangeAsync(Store.LastChangedN, Token);
        Assert.False(waiting.IsCompleted);
        await Store.WriteRecordAsync(StoreRecords.Write(1), Token);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), Token);
        var first = Store.LastChangedN;
        await Store.WriteRecordAsync(StoreRecords.Write(1, 1), Token);
        Assert.True(Store.LastChangedN > first);
        await Store.WaitForChangeAsync(first, Token).WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    [Fact]
    public async Task A_wait_for_a_change_ends_with_its_token()
    {
        using var stop = new CancellationTokenSource();
        var waiting = Store.WaitForChangeAsync(Store.LastChangedN, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task The_guard_counter_rises_before_a_write_to_an_existing_record_returns_and_not_for_a_new_one()
    {
        var start = Store.GuardCounter;
        await Store.WriteRecordAsync(StoreRecords.Write(1), Token);
        Assert.Equal(start, Store.GuardCounter);
        await Store.WriteRecordAsync(StoreRecords.Write(1, 1), Token);
        var revised = Store.GuardCounter;
        Assert.True(revised > start);
        await Store.EraseRecordAsync(StoreRecords.Name(1), 2, StoreRecords.NowMs, Token);
        Assert.True(Store.GuardCounter > revised);
    }

    [Fact]
    public async Task Many_writers_at_once_all_get_their_own_answer()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 600).Select(i => Store.WriteRecordAsync(StoreRecords.Write(1 + i % 500), Token)));
        Assert.Equal(500, outcomes.Count(o => o.Verdict == WriteVerdict.Written));
        Assert.Equal(100, outcomes.Count(o => o.Verdict == WriteVerdict.Exists));
        await House.ReopenAsync();
        var page = await Store.QueryRecordsAsync(StoreRecords.Everything(), Token);
        Assert.Equal(500, page.Records.Select(r => r.Name).Distinct().Count());
        Assert.Equal(500, page.Records.Select(r => r.ChangedN).Distinct().Count());
    }

    [Fact]
    public async Task One_write_that_fails_does_not_hurt_those_that_are_committed_with_it()
    {
        var good = Enumerable.Range(1, 300).Select(i => Store.WriteRecordAsync(StoreRecords.Write(i), Token)).ToList();
        var bad = Enumerable.Range(0, 20).Select(_ => Store.ApplyPolicyAsync(new PolicyWrite(77, "none", Digest.Zero, 1), Token)).ToList();
        good.AddRange(Enumerable.Range(301, 300).Select(i => Store.WriteRecordAsync(StoreRecords.Write(i), Token)));
        foreach (var failing in bad)
            await Assert.ThrowsAnyAsync<Exception>(() => failing);
        Assert.All(await Task.WhenAll(good), o => Assert.Equal(WriteVerdict.Written, o.Verdict));
        await House.ReopenAsync();
        Assert.Equal([new RecordCount(0, RecordStatus.Live, 600)], await Store.CountRecordsAsync(Token));
    }

    [Fact]
    public async Task A_write_that_fails_half_way_leaves_nothing_and_gives_its_change_number_back()
    {
        await Store.WriteRecordAsync(StoreRecords.Write(1), Token);
        var changed = Store.LastChangedN;
        var broken = new RecordWriteDraft { Name = StoreRecords.Name(2), Text = "half", Topics = ["a", "b"], References = new HalfAList<RecordName>(StoreRecords.Name(1)) };
        var neighbour = Store.WriteRecordAsync(StoreRecords.Write(3), Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.WriteRecordAsync(broken.Build(), Token));
        await neighbour;
        Assert.Empty(await Store.ReadRecordAsync(StoreRecords.Name(2), Token));
        Assert.Equal(changed + 1, Store.LastChangedN);
        await Store.WriteRecordAsync(StoreRecords.Write(2), Token);
        Assert.Equal(changed + 2, Store.LastChangedN);
    }

    private static RecordWrite Keyed(int number, string key, string body, long nowMs, string client = "client") => new RecordWriteDraft
    {
        Name = StoreRecords.Name(number),
        Text = body,
        NowMs = nowMs,
        Idempotency = new IdempotencyKey(client, key, Digest.Sha256(StoreRecords.BodyOf(body))),
    }.Build();
}
