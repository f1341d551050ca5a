using Federation.Node.Storage;
using Federation.Protocol.Records;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>What a store promises of ApplyPolicy, ReadPolicies, SetGroup and ReadMemberships, and of the sweeps that they set.</summary>
public abstract class SharingContract : StoreContract
{
    private static readonly InstituteId Jp = InstituteId.Parse("jp");

    private protected SharingContract(StoreDriver driver)
        : base(driver)
    {
    }

    [Fact]
    public async Task Every_policy_is_kept_and_read_newest_first()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var other = await LedgerStage.AddAsync(Store, Token, Jp);
        for (var i = 1; i <= 5; i++)
            Assert.Equal(i, await ApplyAsync(stage, $"policy {i}"));
        Assert.Equal(1, await ApplyAsync(other, "another's"));
        await House.ReopenAsync();

        var all = await Store.ReadPoliciesAsync(stage.Partner, long.MaxValue, 100, Token);
        Assert.Equal([5L, 4, 3, 2, 1], all.Select(p => p.Epoch));
        Assert.Equal(["policy 5", "policy 4", "policy 3", "policy 2", "policy 1"], all.Select(p => p.Text));
        Assert.Equal(new StoredPolicy(3, "policy 3", HashOf("policy 3"), StoreRecords.NowMs, "operator"), all[2]);
        Assert.Equal([3L, 2], (await Store.ReadPoliciesAsync(stage.Partner, 4, 2, Token)).Select(p => p.Epoch));
        Assert.Empty(await Store.ReadPoliciesAsync(stage.Partner, 1, 2, Token));
        Assert.Empty(await Store.ReadPoliciesAsync(99, long.MaxValue, 2, Token));
        Assert.Equal("another's", Assert.Single(await Store.ReadPoliciesAsync(other.Partner, long.MaxValue, 9, Token)).Text);
    }

    [Fact]
    public async Task A_group_counts_its_epochs_and_all_groups_count_their_changes()
    {
        var first = await SetAsync("allies", Jp, StoreRecords.Other);
        Assert.Equal((1L, 1L, "operator", StoreRecords.NowMs), (first.Epoch, first.Number, first.Author, first.AtMs));
        var other = await SetAsync("club");
        Assert.Equal((1L, 2L), (other.Epoch, other.Number));
        var second = await SetAsync("allies", Jp);
        Assert.Equal((2L, 3L), (second.Epoch, second.Number));
        await House.ReopenAsync();

        var groups = (await Store.ReadNodeAsync(Token)).Groups;
        Assert.Equal([("allies", 2L), ("club", 1L)], groups.Select(g => (g.Name, g.Epoch)));
        Assert.Equal([Jp], groups[0].Members);
        Assert.Empty(groups[1].Members);
        var memberships = await Store.ReadMembershipsAsync(long.MaxValue, Token);
        Assert.Equal([1L, 2, 3], memberships.Select(m => m.Number));
        Assert.Equal([Jp, StoreRecords.Other], memberships[0].Members);
        Assert.Equal([1L, 2], (await Store.ReadMembershipsAsync(2, Token)).Select(m => m.Number));
    }

    [Fact]
    public async Task The_same_members_once_more_change_nothing()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var first = await SetAsync("allies", StoreRecords.Other);
        await EndSweepAsync(stage);
        var guard = Store.GuardCounter;
        var again = await Store.SetGroupAsync(new GroupWrite("allies", [StoreRecords.Other], "another", StoreRecords.NowMs + 1), Token);
        Assert.Equal((first.Epoch, first.Number, first.Author, first.AtMs), (again.Epoch, again.Number, again.Author, again.AtMs));
        Assert.Empty((await Store.ReadNodeAsync(Token)).Sweeps);
        Assert.Equal(guard, Store.GuardCounter);
        Assert.Single(await Store.ReadMembershipsAsync(long.MaxValue, Token));
    }

    [Fact]
    public async Task A_membership_raises_the_guard_counter_and_sets_sweeps_for_those_who_join_or_leave_and_share()
    {
        var stays = await LedgerStage.AddAsync(Store, Token);
        var joins = await LedgerStage.AddAsync(Store, Token, Jp);
        var silent = (await Store.SavePartnerAsync(LedgerStage.Card(InstituteId.Parse("kr"), share: false), Token))!;
        await SetAsync("allies", StoreRecords.Other);
        await EndSweepAsync(stays);
        await EndSweepAsync(joins);
        var guard = Store.GuardCounter;

        var now = await SetAsync("allies", StoreRecords.Other, Jp, silent.Institute);

        Assert.True(Store.GuardCounter > guard);
        var sweep = Assert.Single((await Store.ReadNodeAsync(Token)).Sweeps);
        Assert.Equal((joins.Partner, now.Number, 0L), (sweep.Partner, sweep.Membership, sweep.BaseMembership));
        var partners = (await Store.ReadNodeAsync(Token)).Partners.ToDictionary(p => p.Number, p => p.Membership);
        Assert.Equal((1L, now.Number, now.Number), (partners[stays.Partner], partners[joins.Partner], partners[silent.Number]));
    }

    [Fact]
    public async Task A_batch_judged_by_another_membership_is_refused_whole()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 2, Token);
        var late = await stage.BatchAsync(Store, Federation.Protocol.Heads.LedgerOperation.Disclose, records, Token);
        await SetAsync("allies", StoreRecords.Other);
        Assert.False(await Store.AppendDisclosuresAsync(late, Token));
        Assert.Equal(0UL, (await Store.ReadHeadAsync(stage.Partner, Token))!.Size);
    }

    [Fact]
    public async Task A_record_for_a_group_that_does_not_exist_is_refused_and_leaves_nothing()
    {
        var record = new SelectableRecord { Number = 1, Kind = 2, Marking = 2, Highest = 2, Types = 1, Topics = [], Groups = ["allies", "club"], References = [] };
        await SetAsync("allies");
        Assert.Equal(WriteVerdict.UnknownGroup, (await Store.WriteRecordAsync(record.ToWrite(), Token)).Verdict);
        Assert.Empty(await Store.ReadRecordAsync(StoreRecords.Name(1), Token));
        await SetAsync("club");
        Assert.Equal(WriteVerdict.Written, (await Store.WriteRecordAsync(record.ToWrite(), Token)).Verdict);
        Assert.Equal(WriteVerdict.UnknownGroup, (await Store.WriteRecordAsync((record with { Groups = ["gone"] }).ToWrite(1), Token)).Verdict);
        Assert.Equal(1, Assert.Single(await Store.ReadRecordAsync(StoreRecords.Name(1), Token)).Version);
    }

    [Fact]
    public async Task A_sweep_that_is_set_during_another_keeps_the_older_base_and_begins_anew()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        await ApplyAsync(stage, "policy 1");
        await EndSweepAsync(stage);
        await ApplyAsync(stage, "policy 2");
        var half = await SweepAsync(stage) with { Position = new RecordId(7), HeldDone = true };
        Assert.Equal((1L, 2L), (half.BaseEpoch, half.Epoch));
        Assert.True(await Store.AppendDisclosuresAsync(LedgerStage.Batch(sweep: half), Token));

        var group = await SetAsync("allies", StoreRecords.Other);
        await ApplyAsync(stage, "policy 3");
        await House.ReopenAsync();

        var sweep = await SweepAsync(stage);
        Assert.Equal((1L, 3L, 0L, group.Number), (sweep.BaseEpoch, sweep.Epoch, sweep.BaseMembership, sweep.Membership));
        Assert.Equal((null, false), (sweep.Position, sweep.HeldDone));

        // Once it is over the next one starts from what is in force.
        await EndSweepAsync(stage);
        await ApplyAsync(stage, "policy 4");
        sweep = await SweepAsync(stage);
        Assert.Equal((3L, 4L, group.Number), (sweep.BaseEpoch, sweep.Epoch, sweep.BaseMembership));
    }

    [Fact]
    public async Task The_same_policy_in_other_words_sets_no_sweep_and_one_under_way_goes_on_under_its_epoch()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        await ApplyAsync(stage, "policy 1");
        await EndSweepAsync(stage);
        var words = new PolicyWrite(stage.Partner, "policy  1", HashOf("policy 1"), StoreRecords.NowMs);
        Assert.Equal(2, await Store.ApplyPolicyAsync(words, Token));
        Assert.Empty((await Store.ReadNodeAsync(Token)).Sweeps);

        await ApplyAsync(stage, "policy 3");
        var half = await SweepAsync(stage) with { Position = new RecordId(5), HeldDone = true };
        Assert.True(await Store.AppendDisclosuresAsync(LedgerStage.Batch(sweep: half), Token));
        Assert.Equal(4, await Store.ApplyPolicyAsync(words with { Policy = "policy  3", ClassHash = HashOf("policy 3") }, Token));
        Assert.Equal(half with { Epoch = 4 }, await SweepAsync(stage));
    }

    [Fact]
    public async Task The_moment_up_to_which_embargoes_ended_never_goes_back_I11()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var records = await StoreRecords.SeedAsync(Store, 3, Token);
        foreach (var (record, at, stands) in new[] { (0, 500L, 500L), (1, 300L, 500L), (2, 800L, 800L) })
        {
            var batch = await stage.BatchAsync(Store, Federation.Protocol.Heads.LedgerOperation.Disclose, [records[record]], Token);
            var released = new DisclosureBatch
            {
                Appends = batch.Appends,
                Judged = batch.Judged,
                ViewSignatures = [],
                TimersSet = [],
                TimersCleared = [],
                ReleasedToMs = at,
            };
            Assert.True(await Store.AppendDisclosuresAsync(released, Token));
            await House.ReopenAsync();
            Assert.Equal(stands, (await Store.ReadNodeAsync(Token)).ReleasedToMs);
        }

        var clock = new Federation.Node.Ledger.ReleaseClock(TimeProvider.System);
        await clock.LoadAsync(Store, Token);
        Assert.Equal(800, clock.NowMs);
        Assert.False(clock.Read().Trusted);
    }

    private static Digest HashOf(string policy) => Digest.Sha256(System.Text.Encoding.UTF8.GetBytes(policy));

    private Task<long> ApplyAsync(LedgerStage stage, string policy) =>
        Store.ApplyPolicyAsync(new PolicyWrite(stage.Partner, policy, HashOf(policy), StoreRecords.NowMs) { Author = "operator" }, Token);

    private Task<StoredGroup> SetAsync(string name, params InstituteId[] members) =>
        Store.SetGroupAsync(new GroupWrite(name, [.. members.Order()], "operator", StoreRecords.NowMs), Token);

    private async Task<SweepProgress> SweepAsync(LedgerStage stage) => (await Store.ReadNodeAsync(Token)).Sweeps.Single(s => s.Partner == stage.Partner);

    private async Task EndSweepAsync(LedgerStage stage) =>
        Assert.True(await Store.AppendDisclosuresAsync(LedgerStage.Batch(sweep: await SweepAsync(stage) with { Done = true }), Token));
}
