using Federation.Node.Storage;
using Federation.Node.Tests.Infrastructure;
using Federation.Node.Tests.Storage;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Recovery;

/// <summary>Fault pairs in the middle of getting a ledger back: each write fails, is done unheard, or meets the end of the process; it is all repeated.</summary>
public sealed class RecoveryFaultTests
{
    /// <summary>The writes of a recovery, and the ways in which they fail.</summary>
    public static TheoryData<string> Writes => [nameof(INodeStore.BeginRecoveryAsync), nameof(INodeStore.RecoverLedgerAsync), nameof(INodeStore.AppendDisclosuresAsync)];

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Row_R1_a_crash_in_the_middle_of_a_recovery_is_made_good_by_repeating_it(string method)
    {
        await using var pair = await FaultyPair.StartAsync(TestPolicies.Everything);
        await pair.PublishAsync([Drafts.Flaw("one"), Drafts.Flaw("two")]);
        await pair.SettleAsync("the beginning");
        await RestoredPair.SaveAsync(pair.Origin.Node);
        await pair.PublishAsync([Drafts.Flaw("three"), Drafts.Flaw("four")]);
        await pair.SettleAsync("what the backup lacks");
        var seen = await pair.SeenAsync();
        foreach (var fault in Enum.GetValues<StoreFault>())
        {
            // The follower comes only when the fault is ordered: without the anchor nothing is known before.
            await pair.Follower.Node.StopAsync();
            await RestoredPair.RestoreAsync(pair.Origin.Node, loseAnchor: true);
            await pair.Origin.Node.PublishAsync(Drafts.Practice($"a marker, number of {method} {fault}"));
            await pair.Origin.Node.WaitForOutboundAsync("jp", l => l is { State: OutboundState.Unconfirmed, Sweeping: false } && l.Appended > l.Signed);
            if (method != nameof(INodeStore.AppendDisclosuresAsync))
                pair.Origin.Order(method, 1, fault);
            await pair.Follower.Node.StartAsync();
            if (method == nameof(INodeStore.AppendDisclosuresAsync))
            {
                await pair.Origin.Node.WaitForOutboundAsync("jp", l => l.RecoveredEntries > 0);
                pair.Origin.Order(method, 1, fault);
                await pair.Origin.CallAsync(node => node.PublishAsync(Drafts.Practice($"a marker, number after {method} {fault}")));
            }

            await pair.Origin.ComeThroughAsync($"{method} {fault}");
            await pair.SettleAsync($"{method} {fault}");
            Assert.Equal(seen, await pair.SeenAsync());
            Assert.Empty(await pair.Origin.Node.EvidenceAsync("jp"));
        }
    }
}
