using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>What a store promises of SelectRecords: exactly the records that a plain reading of the selection names, where their columns are known.</summary>
public abstract class SelectionContract : StoreContract
{
    private const int Records = 120;
    private const int Rounds = 400;

    private protected SelectionContract(StoreDriver driver)
        : base(driver)
    {
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Selections_find_what_a_look_at_every_record_finds(int seed)
    {
        var random = new Random(seed);
        var world = await SeedAsync(random);
        var found = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var selection = SelectableRecord.AnySelection(random);
            var expected = world.Where(r => r.Value.Meets(selection)).Select(r => r.Key).ToList();
            found += expected.Count;
            Assert.Equal(expected, await SelectAsync(new SelectionRequest { Selection = selection, Limit = 1000 }));

            var targets = expected.Select(rec => world[rec].Number).ToHashSet();
            var withReferrers = world.Where(r => r.Value.Meets(selection) || r.Value.References.Any(targets.Contains)).Select(r => r.Key).ToList();
            Assert.Equal(withReferrers, await SelectAsync(new SelectionRequest { Selection = selection, WithReferrers = true, Limit = 1000 }));
        }

        Assert.InRange(found, Rounds, Rounds * Records - 1);
    }

    [Fact]
    public async Task Selections_come_in_stretches_that_miss_none_and_repeat_none()
    {
        var random = new Random(7);
        var world = await SeedAsync(random);
        for (var round = 0; round < 50; round++)
        {
            var selection = SelectableRecord.AnySelection(random);
            var limit = random.Next(1, 20);
            var all = new List<SelectedRecord>();
            IReadOnlyList<SelectedRecord> some;
            do
            {
                some = await Store.SelectRecordsAsync(new SelectionRequest { Selection = selection, After = all.Count == 0 ? null : all[^1].Id, Limit = limit }, Token);
                Assert.True(some.Count <= limit);
                all.AddRange(some);
            }
            while (some.Count == limit);
            Assert.Equal(world.Where(r => r.Value.Meets(selection)).Select(r => r.Key), all.Select(found => found.Rec));
            Assert.Equal(all.Select(found => found.Id).Order(), all.Select(found => found.Id));
        }
    }

    [Fact]
    public async Task What_a_partner_holds_and_what_it_does_not_are_told_apart()
    {
        var random = new Random(11);
        var world = await SeedAsync(random);
        var first = await LedgerStage.AddAsync(Store, Token);
        var second = await LedgerStage.AddAsync(Store, Token, InstituteId.Parse("jp"));
        var records = (await Store.QueryRecordsAsync(StoreRecords.Everything(), Token)).Records;
        await first.AppendAsync(Store, LedgerOperation.Disclose, [.. records.Take(60)], Token);
        // What was withdrawn is not held, though the ledger speaks of it.
        await first.AppendAsync(Store, LedgerOperation.Withdraw, [.. records.Take(20)], Token);
        await second.AppendAsync(Store, LedgerOperation.Disclose, [.. records.Skip(50)], Token);
        var held = records.Skip(20).Take(40).Select(r => r.Rec).ToHashSet();
        for (var round = 0; round < 100; round++)
        {
            var selection = SelectableRecord.AnySelection(random);
            var expected = world.Where(r => r.Value.Meets(selection)).Select(r => r.Key).ToList();
            var request = new SelectionRequest { Selection = selection, Partner = first.Partner, Held = true, Limit = 1000 };
            Assert.Equal(expected.Where(held.Contains), await SelectAsync(request));
            Assert.Equal(expected.Where(rec => !held.Contains(rec)), await SelectAsync(request with { Held = false }));
        }
    }

    [Fact]
    public async Task What_changed_since_and_what_is_due_for_the_partner_is_found_too_with_its_referrers()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var other = await LedgerStage.AddAsync(Store, Token, InstituteId.Parse("jp"));
        var records = await StoreRecords.SeedAsync(Store, 4, Token);
        var since = Store.LastChangedN;
        await Store.WriteRecordAsync(StoreRecords.Write(2, 1), Token);
        await Store.WriteRecordAsync(new RecordWriteDraft { Name = StoreRecords.Name(9), Text = "refers", References = [StoreRecords.Name(2)] }.Build(), Token);
        var referrer = (await Store.ReadRecordAsync(StoreRecords.Name(9), Token))[0];
        await Store.AppendDisclosuresAsync(
            LedgerStage.Batch(set: [(500, stage.Partner, records[3].Rec), (600, stage.Partner, records[2].Rec), (500, other.Partner, records[0].Rec)]), Token);

        var nothing = new SelectionRequest { Selection = new RecordSelection([], []), Partner = stage.Partner, Limit = 10 };
        Assert.Equal([records[1].Rec, referrer.Rec], await SelectAsync(nothing with { ChangedAfterN = since }));
        Assert.Equal([records[1].Rec, referrer.Rec], await SelectAsync(nothing with { ChangedAfterN = since, WithReferrers = true, DueMs = 499 }));
        Assert.Equal([records[3].Rec], await SelectAsync(nothing with { DueMs = 500 }));
        Assert.Equal([referrer.Rec], await SelectAsync(nothing with { ChangedAfterN = referrer.ChangedN - 1, DueMs = 1 }));
        Assert.Equal([records[3].Rec, records[2].Rec], (await SelectAsync(nothing with { DueMs = 600 })).OrderDescending());
    }

    [Fact]
    public async Task A_revision_is_found_by_what_it_says_now()
    {
        await Store.SetGroupAsync(new GroupWrite("allies", [], "op", 1), Token);
        var before = new SelectableRecord { Number = 1, Kind = 2, Marking = 2, Highest = 2, Types = 1 << 10, Topics = ["cyber"], Groups = ["allies"], References = [] };
        await Store.WriteRecordAsync(before.ToWrite(), Token);
        var after = before with { Marking = 4, Highest = 5, Types = 1 << 11, Topics = ["cbrn.bio"], Groups = [] };
        await Store.WriteRecordAsync(after.ToWrite(1), Token);

        Assert.Empty(await SelectAsync(new SelectionClause { HighestMarking = 3 }));
        Assert.Empty(await SelectAsync(new SelectionClause { Types = 1 << 10 }));
        Assert.Empty(await SelectAsync(new SelectionClause { Topics = [("cyber", true)] }));
        Assert.Empty(await SelectAsync(new SelectionRequest { Selection = new RecordSelection([], ["allies"]), Limit = 10 }));
        Assert.Single(await SelectAsync(new SelectionClause { LowestMarking = 4, AnyMarkingAbove = 4, Types = 1 << 11, Topics = [("cbrn", true)] }));
    }

    [Fact]
    public async Task An_erased_record_is_found_by_its_kind_and_by_nothing_that_was_destroyed()
    {
        await Store.SetGroupAsync(new GroupWrite("allies", [], "op", 1), Token);
        var record = new SelectableRecord { Number = 1, Kind = 2, Marking = 2, Highest = 2, Types = 1, Topics = ["cyber"], Groups = ["allies"], References = [2] };
        await Store.WriteRecordAsync(record.ToWrite(), Token);
        await Store.WriteRecordAsync(StoreRecords.Write(2), Token);
        await Store.EraseRecordAsync(StoreRecords.Name(1), 1, StoreRecords.NowMs, Token);

        Assert.Empty(await SelectAsync(new SelectionClause { Topics = [("cyber", false)] }));
        Assert.Empty(await SelectAsync(new SelectionRequest { Selection = new RecordSelection([], ["allies"]), Limit = 10 }));
        Assert.Equal(2, (await SelectAsync(new SelectionRequest { Selection = RecordSelection.Everything, Limit = 10 })).Count);
    }

    [Fact]
    public async Task An_empty_selection_finds_nothing()
    {
        await StoreRecords.SeedAsync(Store, 3, Token);
        Assert.Empty(await SelectAsync(new SelectionRequest { Selection = new RecordSelection([], []), WithReferrers = true, Limit = 10 }));
    }

    // Records with the numbers 1 to 120, some of them revised to what stands in the answer, by their local numbers.
    private async Task<SortedDictionary<long, SelectableRecord>> SeedAsync(Random random)
    {
        foreach (var group in SelectableRecord.AllGroups)
            await Store.SetGroupAsync(new GroupWrite(group, [], "op", 1), Token);
        var records = new Dictionary<int, SelectableRecord>();
        for (var number = 1; number <= Records; number++)
        {
            records[number] = SelectableRecord.Any(random, number, Records);
            Assert.Equal(WriteVerdict.Written, (await Store.WriteRecordAsync(records[number].ToWrite(), Token)).Verdict);
        }

        for (var number = 1; number <= Records; number += 5)
        {
            records[number] = SelectableRecord.Any(random, number, Records);
            Assert.Equal(WriteVerdict.Written, (await Store.WriteRecordAsync(records[number].ToWrite(1), Token)).Verdict);
        }

        var page = await Store.QueryRecordsAsync(StoreRecords.Everything(), Token);
        return new(page.Records.ToDictionary(r => r.Rec, r => records[(int)r.Name.Id.Value]));
    }

    private async Task<IReadOnlyList<long>> SelectAsync(SelectionRequest request) =>
        [.. (await Store.SelectRecordsAsync(request, Token)).Select(found => found.Rec)];

    private Task<IReadOnlyList<long>> SelectAsync(SelectionClause clause) =>
        SelectAsync(new SelectionRequest { Selection = new RecordSelection([clause], []), Limit = 10 });
}
