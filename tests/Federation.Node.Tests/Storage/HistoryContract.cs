using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>What a store promises of ReadEntries, ReadEntriesOf, ReadDecision and ReadRemovals: what decided an entry stays known, as it was.</summary>
public abstract class HistoryContract : StoreContract
{
    private const LedgerOperation Disclose = LedgerOperation.Disclose;
    private const LedgerOperation Withdraw = LedgerOperation.Withdraw;
    private const LedgerOperation Erase = LedgerOperation.Erase;

    private protected HistoryContract(StoreDriver driver)
        : base(driver)
    {
    }

    [Fact]
    public async Task An_entry_knows_by_what_it_was_decided_and_the_one_before_it()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        await Store.ApplyPolicyAsync(new PolicyWrite(stage.Partner, "policy 1", Digest.Zero, 1), Token);
        var records = await StoreRecords.SeedAsync(Store, 3, Token);
        await stage.AppendAsync(Store, Disclose, records, Token);
        var asOf = Store.LastChangedN;
        var group = await Store.SetGroupAsync(new GroupWrite("allies", [StoreRecords.Other], "op", 1), Token);
        await Store.ApplyPolicyAsync(new PolicyWrite(stage.Partner, "policy 2", Digest.Sha256([2]), 1), Token);
        await stage.AppendAsync(Store, Withdraw, [records[1]], Token);
        await House.ReopenAsync();

        var entries = await Store.ReadEntriesAsync(stage.Partner, 0, 100, Token);
        Assert.Equal([0UL, 1, 2, 3], entries.Select(e => e.Entry.Seq));
        Assert.Equal(new DecisionContext(1, 0, StoreRecords.NowMs), entries[1].Context);
        Assert.Equal(new DecisionContext(2, group.Number, StoreRecords.NowMs), entries[3].Context);
        Assert.Equal(new EntryDecision(-1, 0, 1, asOf), entries[3].Decision);
        Assert.Equal((null, 1UL), (entries[1].Previous, entries[3].Previous));
        Assert.Equal([1UL, 2UL], (await Store.ReadEntriesAsync(stage.Partner, 1, 2, Token)).Select(e => e.Entry.Seq));
        Assert.Equal([3UL, 1UL], (await Store.ReadEntriesOfAsync(stage.Partner, records[1].Name, 10, Token)).Select(e => e.Entry.Seq));
        Assert.Equal([3UL], (await Store.ReadEntriesOfAsync(stage.Partner, records[1].Name, 1, Token)).Select(e => e.Entry.Seq));
        Assert.Empty(await Store.ReadEntriesOfAsync(stage.Partner, StoreRecords.Name(99), 10, Token));
    }

    [Fact]
    public async Task A_decision_over_a_revised_record_has_the_facts_of_its_time()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var policies = new[] { "policy 1", "policy 2" };
        var hashes = new List<byte[]>();
        for (var version = 1; version <= 2; version++)
        {
            await Store.ApplyPolicyAsync(new PolicyWrite(stage.Partner, policies[version - 1], Digest.Sha256([(byte)version]), 1), Token);
            await Store.WriteRecordAsync(StoreRecords.Write(1, version - 1), Token);
            var record = Assert.Single(await Store.ReadRecordAsync(StoreRecords.Name(1), Token));
            hashes.Add(record.Shape);
            await stage.AppendAsync(Store, Disclose, [record], Token);
        }

        // A third version that no entry was decided by.
        await Store.WriteRecordAsync(StoreRecords.Write(1, 2), Token);
        await House.ReopenAsync();

        for (var seq = 0; seq < 2; seq++)
        {
            var archived = (await Store.ReadDecisionAsync(stage.Partner, (ulong)seq, Token))!;
            Assert.Equal((ulong)seq, archived.Entry.Entry.Seq);
            Assert.Equal(policies[seq], archived.Policy!.Text);
            Assert.Equal((seq + 1, RecordStatus.Live), (archived.Record!.Version, archived.Record.Status));
            Assert.Equal(hashes[seq], archived.Record.Shape);
            Assert.Null(archived.Record.Body);
        }

        Assert.Null(await Store.ReadDecisionAsync(stage.Partner, 2, Token));
        Assert.Null(await Store.ReadDecisionAsync(99, 0, Token));
    }

    [Fact]
    public async Task A_decision_over_an_erased_record_has_lost_its_facts_and_keeps_the_entry()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        await Store.WriteRecordAsync(StoreRecords.Write(1), Token);
        await Store.WriteRecordAsync(StoreRecords.Write(1, 1), Token);
        var record = Assert.Single(await Store.ReadRecordAsync(StoreRecords.Name(1), Token));
        await stage.AppendAsync(Store, Disclose, [record], Token);
        await Store.EraseRecordAsync(StoreRecords.Name(1), 2, StoreRecords.NowMs, Token);
        var erased = Assert.Single(await Store.ReadRecordAsync(StoreRecords.Name(1), Token));
        await stage.AppendAsync(Store, Erase, [erased], Token);

        foreach (var (seq, operation) in new[] { (0UL, Disclose), (1UL, Erase) })
        {
            var archived = (await Store.ReadDecisionAsync(stage.Partner, seq, Token))!;
            Assert.Equal((byte)operation, archived.Entry.Entry.Operation);
            Assert.Equal(StoreRecords.Name(1), archived.Entry.Name);
            Assert.Null(archived.Record);
            Assert.Empty(archived.Targets);
        }
    }

    [Fact]
    public async Task A_decision_knows_its_targets_as_they_were_and_says_if_one_has_lost_its_facts()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        await Store.WriteRecordAsync(StoreRecords.Write(1), Token);
        await Store.WriteRecordAsync(Referring(2, 1), Token);
        var shape = Assert.Single(await Store.ReadRecordAsync(StoreRecords.Name(1), Token)).Shape;
        var referrer = Assert.Single(await Store.ReadRecordAsync(StoreRecords.Name(2), Token));
        await stage.AppendAsync(Store, Disclose, [referrer], Token);

        await Store.WriteRecordAsync(StoreRecords.Write(1, 1), Token);
        var archived = (await Store.ReadDecisionAsync(stage.Partner, 0, Token))!;
        var target = Assert.Single(archived.Targets[StoreRecords.Name(1)]);
        Assert.Equal(1, target.Record.Version);
        Assert.Equal(shape, target.Record.Shape);
        Assert.False(archived.TargetsLost);

        await Store.EraseRecordAsync(StoreRecords.Name(1), 2, StoreRecords.NowMs, Token);
        archived = (await Store.ReadDecisionAsync(stage.Partner, 0, Token))!;
        Assert.NotNull(archived.Record);
        Assert.True(archived.TargetsLost);
    }

    [Fact]
    public async Task A_target_that_came_to_be_after_the_decision_was_not_there()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        await Store.WriteRecordAsync(Referring(2, 1), Token);
        await stage.AppendAsync(Store, Disclose, await Store.ReadRecordAsync(StoreRecords.Name(2), Token), Token);
        await Store.WriteRecordAsync(StoreRecords.Write(1), Token);
        var archived = (await Store.ReadDecisionAsync(stage.Partner, 0, Token))!;
        Assert.Empty(archived.Targets[StoreRecords.Name(1)]);
        Assert.False(archived.TargetsLost);
    }

    [Fact]
    public async Task Memberships_of_a_decision_end_with_its_moment()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 2, Token);
        await Store.SetGroupAsync(new GroupWrite("allies", [StoreRecords.Other], "op", 1), Token);
        await stage.AppendAsync(Store, Disclose, [records[0]], Token);
        await Store.SetGroupAsync(new GroupWrite("allies", [], "op", 1), Token);
        await stage.AppendAsync(Store, Disclose, [records[1]], Token);

        var first = (await Store.ReadDecisionAsync(stage.Partner, 0, Token))!.Memberships;
        var second = (await Store.ReadDecisionAsync(stage.Partner, 1, Token))!.Memberships;
        Assert.Equal(["allies"], StoredGroup.Of(StoreRecords.Other, first));
        Assert.Empty(StoredGroup.Of(StoreRecords.Other, second));
    }

    [Fact]
    public async Task Removals_are_pending_until_a_receipt_covers_them()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 4, Token);
        await stage.AppendAsync(Store, Disclose, records, Token);
        await Store.ConfirmContactAsync(stage.Partner, 0, following: true, Token);
        await stage.AppendAsync(Store, Withdraw, [records[0], records[1]], Token);
        await stage.AppendAsync(Store, Erase, [records[2]], Token);

        Assert.Equal([4UL, 5UL, 6UL], await PendingAsync(stage));
        var removal = (await Store.ReadRemovalsAsync(stage.Partner, 6, StoreRecords.NowMs, 10, Token)).Single();
        Assert.Equal((StoreRecords.Name(3), (byte)Erase, StoreRecords.NowMs, 0L), (removal.Name, removal.Entry.Operation, removal.AppendedMs, removal.LastReceiptMs));
        Assert.Equal([5UL], (await Store.ReadRemovalsAsync(stage.Partner, 5, StoreRecords.NowMs, 1, Token)).Select(r => r.Entry.Seq));
        Assert.Empty(await Store.ReadRemovalsAsync(stage.Partner, 0, StoreRecords.NowMs - 1, 10, Token));

        // A receipt for a size covers the entries below it.
        await ReceiveAsync(stage, 4);
        Assert.Equal([4UL, 5UL, 6UL], await PendingAsync(stage));
        await ReceiveAsync(stage, 6);
        await House.ReopenAsync();
        Assert.Equal([6UL], await PendingAsync(stage));
        Assert.Equal(6, (await Store.ReadRemovalsAsync(stage.Partner, 0, StoreRecords.NowMs, 10, Token)).Single().LastReceiptMs);
        // An older one that comes late uncovers nothing.
        await ReceiveAsync(stage, 5);
        Assert.Equal([6UL], await PendingAsync(stage));
        await ReceiveAsync(stage, 7);
        Assert.Empty(await PendingAsync(stage));
    }

    [Fact]
    public async Task A_removal_of_what_was_never_sent_has_nothing_to_confirm()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 2, Token);
        await stage.AppendAsync(Store, Disclose, [records[0]], Token);
        await stage.AppendAsync(Store, Withdraw, [records[0]], Token);
        await Store.ConfirmContactAsync(stage.Partner, 0, following: true, Token);
        await stage.AppendAsync(Store, Disclose, [records[1]], Token);
        await stage.AppendAsync(Store, Withdraw, [records[1]], Token);
        Assert.Equal([3UL], await PendingAsync(stage));
    }

    private static RecordWrite Referring(int number, int target)
    {
        var plain = new RecordWriteDraft { Name = StoreRecords.Name(number), Text = $"record {number}", References = [StoreRecords.Name(target)] }.Build();
        var shape = RecordShape.Decode(plain.Shape);
        var part = new ShapePart(5, StoreRecords.NowMs, Digest.Sha256([5]), 1, 12, 1, 0, 0, null, [StoreRecords.Name(target)]);
        return new RecordWrite
        {
            Name = plain.Name,
            ExpectedVersion = 0,
            Kind = plain.Kind,
            Schema = plain.Schema,
            Status = plain.Status,
            NowMs = plain.NowMs,
            Attributes = plain.Attributes,
            Shape = new RecordShape { ReleaseMs = 0, Audience = [], Topics = [], State = 1, Parts = [.. shape.Parts, part] }.Encode(),
            Body = plain.Body,
            DataKey = plain.DataKey,
            SaltKey = plain.SaltKey,
            References = plain.References,
            Note = plain.Note,
        };
    }

    private async Task<IEnumerable<ulong>> PendingAsync(LedgerStage stage) =>
        (await Store.ReadRemovalsAsync(stage.Partner, 0, StoreRecords.NowMs, 100, Token)).Select(r => r.Entry.Seq);

    private Task ReceiveAsync(LedgerStage stage, ulong size)
    {
        var receipt = new Receipt(new LedgerId(77), 1, size, Digest.Zero, (long)size, Digest.Zero);
        return Store.SaveReceiptAsync(stage.Partner, receipt, receipt.Encode(), [1], Token);
    }
}
