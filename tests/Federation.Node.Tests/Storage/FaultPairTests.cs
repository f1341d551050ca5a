using Federation.Node.Storage;
using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Federation.V1.Records;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>
/// Fault pairs on real nodes: each write of the originator and of the follower fails without being done, is done without anybody hearing
/// of it, or meets the end of the process. After each the nodes go on by themselves, and one full verification of both stores passes.
/// </summary>
public sealed class FaultPairTests
{
    private static readonly StoreFault[] Faults = [StoreFault.FailedAndNotPersisted, StoreFault.FailedButPersisted, StoreFault.DiedBefore];

    private int round;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The writes of an originator, with the calls at which they fail.</summary>
    public static TheoryData<string, int> OriginWrites => new()
    {
        { nameof(INodeStore.WriteRecordAsync), 1 },
        { nameof(INodeStore.WriteRecordAsync), 3 },
        { nameof(INodeStore.EraseRecordAsync), 1 },
        { nameof(INodeStore.AppendDisclosuresAsync), 1 },
        { nameof(INodeStore.AppendDisclosuresAsync), 2 },
        { nameof(INodeStore.SaveReceiptAsync), 1 },
    };

    /// <summary>The writes of a follower, with the calls at which they fail.</summary>
    public static TheoryData<string, int> FollowerWrites => new()
    {
        { nameof(INodeStore.ApplyBatchAsync), 1 },
        { nameof(INodeStore.ApplyBatchAsync), 2 },
        { nameof(INodeStore.ScrubAsync), 1 },
        { nameof(INodeStore.SaveFollowAsync), 1 },
    };

    [Theory]
    [MemberData(nameof(OriginWrites))]
    public Task The_originator_comes_through_a_failed_write(string method, int call) => RunAsync(method, call, atOrigin: true);

    // Records, tombstones, cursor, tree range and head are one transaction: whatever fails, LedgerCheck recomputes one from the other.
    [Theory]
    [MemberData(nameof(FollowerWrites))]
    public Task R11_records_cursor_range_and_head_come_through_a_failed_write_together(string method, int call) => RunAsync(method, call, atOrigin: false);

    [Fact]
    public async Task The_originator_comes_through_a_failed_confirmation_of_contact()
    {
        await using var origin = await FaultyNode.StartNewAsync("uk");
        await using var follower = await FaultyNode.StartNewAsync("sg");
        await IntroduceAsync(origin, follower);
        foreach (var fault in Faults)
        {
            // A follower that comes back says Hello, and that is what the originator confirms.
            origin.Order(nameof(INodeStore.ConfirmContactAsync), 1, fault);
            await follower.Node.StopAsync();
            await follower.Node.StartAsync();
            await origin.ComeThroughAsync($"ConfirmContact {fault}");
            await SettleAsync(origin, follower, fault);
        }
    }

    [Fact]
    public async Task A_follower_comes_through_a_failed_note_of_first_contact()
    {
        foreach (var fault in Faults)
        {
            await using var origin = await FaultyNode.StartNewAsync("uk");
            await using var follower = await FaultyNode.StartNewAsync("sg");
            follower.Order(nameof(INodeStore.SaveFollowAsync), 1, fault);
            await IntroduceAsync(origin, follower);
            await follower.ComeThroughAsync($"first contact {fault}");
            await SettleAsync(origin, follower, fault);
        }
    }

    [Fact]
    public async Task A_policy_comes_through_a_failed_write_and_is_in_force_once_it_is_answered()
    {
        await using var origin = await FaultyNode.StartNewAsync("uk");
        await using var follower = await FaultyNode.StartNewAsync("sg");
        await IntroduceAsync(origin, follower);
        var flaw = await origin.CallAsync(n => n.PublishAsync(Drafts.Flaw("a flaw", marking: Marking.Green)));
        foreach (var fault in Faults)
        {
            foreach (var (policy, shown) in new[] { (TestPolicies.PracticesOnly, false), (TestPolicies.Green, true) })
            {
                origin.Order(nameof(INodeStore.ApplyPolicyAsync), 1, fault);
                await origin.CallAsync(async n =>
                {
                    await n.ApplyPolicyAsync("sg", policy);
                    return true;
                });
                await SettleAsync(origin, follower, fault);
                Assert.Equal(shown, await follower.Node.FindAsync("uk", flaw) is not null);
            }
        }
    }

    private async Task RunAsync(string method, int call, bool atOrigin)
    {
        await using var origin = await FaultyNode.StartNewAsync("uk");
        await using var follower = await FaultyNode.StartNewAsync("sg");
        await IntroduceAsync(origin, follower);
        foreach (var fault in Faults)
        {
            var faulty = atOrigin ? origin : follower;
            faulty.Order(method, call, fault);
            await WorkAsync(origin, follower);
            await faulty.ComeThroughAsync($"{method} {call} {fault}");
            await SettleAsync(origin, follower, fault);
        }
    }

    private static async Task IntroduceAsync(FaultyNode origin, FaultyNode follower)
    {
        await origin.Node.AddPartnerAsync(await follower.Node.CardAsync(), share: true);
        await origin.Node.ApplyPolicyAsync("sg", TestPolicies.Green);
        await follower.Node.AddPartnerAsync(await origin.Node.CardAsync(), follow: true);
    }

    // What is written in one round: something new, a revision, a narrowed marking, an erasure. Every call has a key: it may be made twice.
    private async Task WorkAsync(FaultyNode origin, FaultyNode follower)
    {
        var records = new List<string>();
        for (var i = 0; i < 3; i++)
            records.Add(await PublishAsync(origin, Drafts.Flaw($"flaw {i} of round {round}")));
        await HeldOrDeadAsync(follower, records[2]);
        await ReviseAsync(origin, records[0], Drafts.Flaw($"flaw 0 of round {round}, revised"));
        await ReviseAsync(origin, records[1], Drafts.Flaw("no longer for all", marking: Marking.Red));
        await origin.CallAsync(async n =>
        {
            await n.EraseAsync(records[2], 1);
            return true;
        });
        round++;
    }

    private Task<string> PublishAsync(FaultyNode origin, RecordDraft draft)
    {
        var key = $"publish {draft.Envelope.Title} {round}";
        return origin.CallAsync(n => n.PublishAsync(draft, key));
    }

    private async Task ReviseAsync(FaultyNode origin, string record, RecordDraft draft)
    {
        var request = new ReviseRecordRequest { RecordId = record, ExpectedRevision = 1, Record = draft, IdempotencyKey = $"revise {record} {round}" };
        var revision = await origin.CallAsync(async n => (await n.Records.ReviseRecordAsync(request)).Result.Revision);
        Assert.Equal(2u, revision);
    }

    // Something is taken back only once it is held, so that there is content to remove; unless a fault keeps it from coming.
    private static async Task HeldOrDeadAsync(FaultyNode follower, string record)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(2) && !follower.Store.Died.IsCompleted)
        {
            try
            {
                if (await follower.Node.FindAsync("uk", record) is not null)
                    return;
            }
            catch (RpcException) when (follower.Store.Happened)
            {
                return;
            }

            await Task.Delay(10, Token);
        }
    }

    // A receipt comes once a second at most: after the last fault of a series it is waited for. Then both stores are verified.
    private async Task SettleAsync(FaultyNode origin, FaultyNode follower, StoreFault fault)
    {
        // A position that is kept says how far changes are dealt with only once an entry follows, and none does while a sweep is under way.
        await Patience.UntilAsync(async () => (await origin.Store.ReadNodeAsync(Token)).Sweeps.Count == 0, () => $"the end of the sweep after {fault}");
        await PublishAsync(origin, Drafts.Practice($"the last one of round {round++}"));
        var stands = "";
        await Patience.UntilAsync(async () => (stands = await UnsettledAsync(origin, follower, fault == Faults[^1])).Length == 0, () => $"peace after {fault}; {stands}");
        await LedgerCheck.PassAsync(origin.Store, settled: true, Token);
        await LedgerCheck.PassAsync(follower.Store, settled: true, Token);
        Assert.Empty(await ReplicaCheck.FindAsync((origin.Store, 1), (follower.Store, 1), Token));
    }

    // What is not settled yet; empty if all is.
    private static async Task<string> UnsettledAsync(FaultyNode origin, FaultyNode follower, bool withReceipt)
    {
        var node = await origin.Store.ReadNodeAsync(Token);
        var head = node.Ledgers.Single();
        var row = (await follower.Store.ReadNodeAsync(Token)).Followers.Single();
        var pending = (await origin.Store.ReadPendingAsync(node.SequencerPosition, node.LastChangedN, 0, [], Token)).Recs.Count;
        var receipted = head.ReceiptSize == head.Size && row.ReceiptSize == head.Size;
        if (head.Size > 0 && row.Size == head.Size && (receipted || !withReceipt) && node.Sweeps.Count + pending == 0)
            return "";
        var lines = origin.Node.Log.Lines.TakeLast(6).Concat(follower.Node.Log.Lines.TakeLast(6)).Select(l => $"{l.Level} {l.EventId} {l.Text}");
        return $"ledger {head.Size}, receipt {head.ReceiptSize}; follower {row.Size}, receipt {row.ReceiptSize}; {node.Sweeps.Count} sweeps, {pending} pending\n"
            + string.Join('\n', lines);
    }
}
