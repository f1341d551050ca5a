using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Recovery;

/// <summary>A follower that is restored from an old backup: it gets everything again from its cursor on, and nothing that was taken back comes back.</summary>
public sealed class RestoredFollowerTests
{
    [Fact]
    public async Task Row_R2_a_restored_follower_gets_the_rest_again_and_nothing_rises_from_the_dead_I15_I16()
    {
        await using var pair = await RestoredPair.StartAsync();
        var narrowed = await pair.Origin.PublishAsync(Drafts.Flaw("narrowed"));
        var erased = await pair.Origin.PublishAsync(Drafts.Flaw("erased"));
        var revised = await pair.Origin.PublishAsync(Drafts.Flaw("revised"));
        await pair.SettleAsync();
        await RestoredPair.SaveAsync(pair.Follower);
        var red = Drafts.Flaw("narrowed", marking: Marking.Red);
        red.Audience.Add("fr");
        await pair.Origin.ReviseAsync(narrowed, 1, red);
        await pair.Origin.EraseAsync(erased, 1);
        await pair.Origin.ReviseAsync(revised, 1, Drafts.Flaw("revised once"));
        var published = await pair.Origin.PublishAsync(Drafts.Flaw("published"));
        await pair.SettleAsync();
        var receipted = (await pair.Origin.WaitForOutboundAsync("sg", l => l.Receipted == l.Appended)).Receipted;
        var (held, records) = (pair.Held(), await pair.Follower.ListAllAsync());

        await RestoredPair.RestoreAsync(pair.Follower, loseAnchor: false);
        await pair.SettleAsync();

        Assert.Null(await pair.Follower.FindAsync("uk", narrowed));
        Assert.Null(await pair.Follower.FindAsync("uk", erased));
        Assert.Equal("revised once", (await pair.Follower.FindAsync("uk", revised))!.Envelope.Title);
        Assert.NotNull(await pair.Follower.FindAsync("uk", published));
        // Sizes and revisions are never lower than they were: each record has the same number of disclosures, or more.
        Assert.True(pair.Held().Count > held.Count);
        var now = await pair.Follower.ListAllAsync();
        Assert.All(records, record => Assert.True(now[record.Key].Revision >= record.Value.Revision));

        // The origin notes what happened as an event: nothing is wrong with it.
        var ledger = await pair.Origin.OutboundAsync("sg");
        Assert.NotNull(ledger.ReceiptRegressedAt);
        Assert.InRange(ledger.ReceiptRegressed, 1UL, receipted - 1);
        Assert.Equal(OutboundState.Active, ledger.State);
        Assert.Empty(await pair.Origin.EvidenceAsync("sg"));
        Assert.Empty(await pair.Follower.EvidenceAsync("uk"));
        await pair.VerifyAsync();
    }

    [Fact]
    public async Task Row_R2_a_follower_that_loses_nothing_is_no_event()
    {
        await using var pair = await RestoredPair.StartAsync();
        await pair.Origin.PublishAsync(Drafts.Flaw("a flaw"));
        await pair.SettleAsync();
        await pair.Origin.WaitForOutboundAsync("sg", l => l.Receipted == l.Appended);

        await RestoredPair.SaveAsync(pair.Follower);
        await pair.SettleAsync();

        Assert.Null((await pair.Origin.OutboundAsync("sg")).ReceiptRegressedAt);
    }
}
