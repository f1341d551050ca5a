using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>What a store promises of partners, policies, clients and evidence.</summary>
public abstract class PartnerContract : StoreContract
{
    private protected PartnerContract(StoreDriver driver)
        : base(driver)
    {
    }

    [Fact]
    public async Task A_partner_gets_its_ledger_when_sharing_is_first_turned_on_and_keeps_it()
    {
        var added = await Store.SavePartnerAsync(LedgerStage.Card(StoreRecords.Other, share: false, follow: false), Token);
        Assert.Equal((1, false, false, 0L), (added!.Number, added.Share, added.Follow, added.PolicyEpoch));
        var node = await Store.ReadNodeAsync(Token);
        Assert.Empty(node.Ledgers);
        Assert.Empty(node.Followers);
        Assert.Empty(node.Sweeps);

        await Store.SavePartnerAsync(LedgerStage.Card(StoreRecords.Other), Token);
        await Store.SavePartnerAsync(LedgerStage.Card(StoreRecords.Other) with { NewLedger = new LedgerId(99), Card = [9] }, Token);
        await House.ReopenAsync();
        node = await Store.ReadNodeAsync(Token);
        Assert.Equal((new LedgerId(77), 1u, 0UL), (node.Ledgers.Single().Ledger, node.Ledgers.Single().Incarnation, node.Ledgers.Single().Size));
        Assert.Equal(FollowState.New, node.Followers.Single().State);
        Assert.Equal([9], node.Partners.Single().Card);
        Assert.Single(node.Sweeps);
    }

    [Fact]
    public async Task A_partner_with_another_root_than_the_pinned_one_is_refused()
    {
        await Store.SavePartnerAsync(LedgerStage.Card(StoreRecords.Other), Token);
        var other = LedgerStage.Card(StoreRecords.Other) with { RootFingerprint = Digest.Sha256([5]), Card = [5] };
        Assert.Null(await Store.SavePartnerAsync(other, Token));
        Assert.Equal([1, 2, 3], (await Store.ReadNodeAsync(Token)).Partners.Single().Card);
    }

    [Fact]
    public async Task Sharing_that_is_turned_on_again_is_followed_by_a_sweep()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        Assert.True(await Store.AppendDisclosuresAsync(LedgerStage.Batch(sweep: new SweepProgress(stage.Partner, 0, new RecordId(1), true)), Token));
        await Store.SavePartnerAsync(LedgerStage.Card(StoreRecords.Other, share: false), Token);
        Assert.Empty((await Store.ReadNodeAsync(Token)).Sweeps);
        await Store.SavePartnerAsync(LedgerStage.Card(StoreRecords.Other), Token);
        Assert.Single((await Store.ReadNodeAsync(Token)).Sweeps);
    }

    [Fact]
    public async Task Policies_are_kept_by_epoch_and_raise_the_guard_counter_before_they_return()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        var guard = Store.GuardCounter;
        Assert.Equal(1, await Store.ApplyPolicyAsync(new PolicyWrite(stage.Partner, "one", Digest.Zero, 1), Token));
        Assert.True(Store.GuardCounter > guard);
        Assert.Equal(2, await Store.ApplyPolicyAsync(new PolicyWrite(stage.Partner, "two", Digest.Zero, 2), Token));
        await House.ReopenAsync();
        var partner = (await Store.ReadNodeAsync(Token)).Partners.Single();
        Assert.Equal((2L, "two"), (partner.PolicyEpoch, partner.Policy));
    }

    [Fact]
    public async Task A_client_is_added_once_by_name_and_by_key_and_removed_once()
    {
        var client = new StoredClient("alice", Digest.Sha256([1]), 3, 5);
        Assert.True(await Store.AddClientAsync(client, Token));
        Assert.False(await Store.AddClientAsync(client with { SpkiDigest = Digest.Sha256([2]) }, Token));
        Assert.False(await Store.AddClientAsync(client with { Name = "bob" }, Token));
        await House.ReopenAsync();
        Assert.Equal([client], (await Store.ReadNodeAsync(Token)).Clients);
        Assert.True(await Store.RemoveClientAsync("alice", Token));
        Assert.False(await Store.RemoveClientAsync("alice", Token));
        await House.ReopenAsync();
        Assert.Empty((await Store.ReadNodeAsync(Token)).Clients);
    }

    [Fact]
    public async Task Evidence_is_kept_as_it_was_and_halts_or_forks_in_the_same_transaction()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        await Store.SaveFollowAsync(new FollowWrite(stage.Partner) { Contact = (new LedgerId(5), 1) }, Token);
        EvidenceObject[] objects = [new(EvidenceKind.HeldHead, [1, 2]), new(EvidenceKind.Finding, []), new(EvidenceKind.Unspecified, [3])];
        var write = new EvidenceWrite { Partner = stage.Partner, Fault = "ROOT_MISMATCH", Detail = "two roots", NowMs = 9, Objects = objects };
        Assert.Equal(1, await Store.SaveEvidenceAsync(write, Token));
        Assert.Equal(FollowState.Following, (await Store.ReadNodeAsync(Token)).Followers.Single().State);
        await Store.ConfirmContactAsync(stage.Partner, 0, following: true, Token);
        Assert.Equal(2, await Store.SaveEvidenceAsync(write with { Fault = "ROOT_MISMATCH_AGAIN", HaltsFollower = true, ForksLedger = true }, Token));
        await House.ReopenAsync();

        var node = await Store.ReadNodeAsync(Token);
        Assert.Equal(FollowState.Halted, node.Followers.Single().State);
        Assert.Contains("ROOT_MISMATCH", node.Followers.Single().Fault, StringComparison.Ordinal);
        Assert.True(node.Ledgers.Single().Forked);
        Assert.False(node.Ledgers.Single().Confirmed);
        var evidence = await Store.ReadEvidenceAsync(stage.Partner, 0, 100, Token);
        Assert.Equal([1, 2], evidence.Select(e => e.Number));
        Assert.Equivalent(objects, evidence[0].Objects, strict: true);
        Assert.Equal(2, Assert.Single(await Store.ReadEvidenceAsync(null, 1, 100, Token)).Number);
        Assert.Empty(await Store.ReadEvidenceAsync(stage.Partner + 1, 0, 100, Token));
    }

    [Fact]
    public async Task Evidence_of_what_is_there_no_more_is_kept_and_stops_nothing()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        await Store.SaveFollowAsync(new FollowWrite(stage.Partner) { Contact = (new LedgerId(5), 2) }, Token);
        var term = (await Store.ReadHeadAsync(stage.Partner, Token))!.Term;
        var write = new EvidenceWrite
        {
            Partner = stage.Partner,
            Fault = "OLD",
            Detail = "",
            NowMs = 9,
            Objects = [],
            HaltsFollower = true,
            Incarnation = 1,
            DamagesLedger = true,
            Term = term - 1,
        };
        Assert.Equal(1, await Store.SaveEvidenceAsync(write, Token));
        Assert.Equal(2, await Store.SaveEvidenceAsync(write with { Fault = "OLD FORK", DamagesLedger = false, ForksLedger = true }, Token));
        Assert.Equal(FollowState.Following, (await Store.ReadNodeAsync(Token)).Followers.Single().State);
        Assert.Equal((false, false), await StateAsync());

        await Store.SaveEvidenceAsync(write with { Incarnation = 2, Term = term }, Token);
        Assert.Equal(FollowState.Halted, (await Store.ReadNodeAsync(Token)).Followers.Single().State);
        Assert.Equal((true, true), await StateAsync());
        await Store.SaveEvidenceAsync(write with { DamagesLedger = false, ForksLedger = true, Term = term }, Token);
        Assert.Equal((true, false), await StateAsync());

        async Task<(bool Forked, bool Damaged)> StateAsync() =>
            await Store.ReadHeadAsync(stage.Partner, Token) is { } head ? (head.Forked, head.Damaged) : default;
    }

    [Fact]
    public async Task The_same_evidence_is_kept_once_and_what_stops_nothing_only_up_to_a_bound()
    {
        var stage = await LedgerStage.AddAsync(Store, Token);
        await Store.SaveFollowAsync(new FollowWrite(stage.Partner) { Contact = (new LedgerId(5), 1) }, Token);
        Assert.Equal(1, await SaveAsync("FALSE", 0));
        Assert.Equal(1, await SaveAsync("FALSE", 0, nowMs: 10));
        for (var i = 1; i < 1000; i++)
            Assert.Equal(i + 1, await SaveAsync("FALSE", i));
        Assert.Equal(0, await SaveAsync("FALSE", 1000));
        Assert.Equal(7, await SaveAsync("FALSE", 6));

        Assert.Equal(1001, await SaveAsync("HALTS", 1000, halts: true));
        // What a partner hands over has a bound of its own.
        for (var i = 0; i < 100; i++)
            Assert.Equal(1002 + i, await SaveAsync("SUBMITTED", i, submitter: stage.Partner));
        Assert.Equal(0, await SaveAsync("SUBMITTED", 100, submitter: stage.Partner));
        Assert.Equal(FollowState.Halted, (await Store.ReadNodeAsync(Token)).Followers.Single().State);

        Task<long> SaveAsync(string fault, int number, long nowMs = 9, bool halts = false, int submitter = 0) => Store.SaveEvidenceAsync(
            new EvidenceWrite
            {
                Partner = stage.Partner,
                Fault = fault,
                Detail = "",
                NowMs = nowMs,
                Objects = [new(EvidenceKind.Receipt, BitConverter.GetBytes(number))],
                HaltsFollower = halts,
                Submitter = submitter,
            },
            Token);
    }
}
