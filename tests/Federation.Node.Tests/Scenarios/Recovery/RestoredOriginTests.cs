using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Recovery;

/// <summary>An originator that is restored from an old backup: it finds out before it signs anything, gets the end back, and goes on.</summary>
public sealed class RestoredOriginTests
{
    private const int AnchorLost = 8;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_R1_a_restored_origin_gets_the_end_of_its_ledger_back_and_goes_on_I2_I3(bool anchorLost)
    {
        await using var pair = await RestoredPair.StartAsync();
        for (var i = 0; i < 4; i++)
            await pair.Origin.PublishAsync(Drafts.Flaw($"before {i}"));
        await pair.SettleAsync();
        await RestoredPair.SaveAsync(pair.Origin);
        for (var i = 0; i < 3; i++)
            await pair.Origin.PublishAsync(Drafts.Flaw($"after {i}"));
        await pair.SettleAsync();
        var held = pair.Held();
        await pair.Follower.StopAsync();

        await RestoredPair.RestoreAsync(pair.Origin, anchorLost);
        var moved = await pair.Origin.PublishAsync(Drafts.Flaw("between restore and contact"));
        // Nothing is appended to what is known to lack its end.
        var waiting = await pair.Origin.WaitForOutboundAsync("sg", l => l.Appended == (anchorLost ? 6UL : 5UL));
        Assert.Equal(anchorLost ? OutboundState.Unconfirmed : OutboundState.Recovering, waiting.State);
        Assert.Equal(anchorLost, pair.Origin.Log.Lines.Any(l => l.EventId == AnchorLost));
        await pair.Follower.StartAsync();

        await pair.Follower.WaitForRecordAsync("uk", moved);
        await pair.SettleAsync();
        var ledger = await pair.Origin.OutboundAsync("sg");
        Assert.Equal((OutboundState.Active, 4UL, 4UL), (ledger.State, ledger.RecoveredEntries, ledger.RecoveredRecords));
        Assert.Equal(held, pair.Held().Take(held.Count));
        Assert.Empty(await pair.Origin.EvidenceAsync("sg"));
        await pair.VerifyAsync();
    }

    [Fact]
    public async Task Row_R1_a_ledger_comes_back_while_records_are_written_all_the_time_I1()
    {
        await using var pair = await RestoredPair.StartAsync();
        await pair.Origin.PublishAsync(Drafts.Flaw("before"));
        await pair.SettleAsync();
        await RestoredPair.SaveAsync(pair.Origin);
        for (var i = 0; i < 3; i++)
            await pair.Origin.PublishAsync(Drafts.Flaw($"after {i}"));
        await pair.SettleAsync();

        await RestoredPair.RestoreAsync(pair.Origin, loseAnchor: true);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var writing = Task.Run(
            async () =>
            {
                var count = 0;
                while (!enough.IsCancellationRequested && count < 20_000)
                    await pair.Origin.PublishAsync(Drafts.Practice($"meanwhile {count++}"));
                return count;
            },
            enough.Token);
        await pair.Origin.WaitForOutboundAsync("sg", l => l is { RecoveredEntries: 4, State: OutboundState.Active });
        await enough.CancelAsync();

        Assert.InRange(await writing, 1, 19_999);
        await pair.SettleAsync();
        await pair.VerifyAsync();
    }

    [Fact]
    public async Task Row_R1_what_was_revised_withdrawn_or_erased_after_the_backup_stays_so_R13()
    {
        await using var pair = await RestoredPair.StartAsync();
        var revised = await pair.Origin.PublishAsync(Drafts.Flaw("revised", "first"));
        var withdrawn = await pair.Origin.PublishAsync(Drafts.Flaw("withdrawn", "to go"));
        var narrowed = await pair.Origin.PublishAsync(Drafts.Flaw("narrowed"));
        var erased = await pair.Origin.PublishAsync(Drafts.Flaw("erased", "to be forgotten"));
        var untouched = await pair.Origin.PublishAsync(Drafts.Flaw("untouched"));
        await pair.SettleAsync();
        await RestoredPair.SaveAsync(pair.Origin);
        await pair.Origin.ReviseAsync(revised, 1, Drafts.Flaw("revised", "second"));
        await pair.Origin.WithdrawAsync(withdrawn, 1);
        var red = Drafts.Flaw("narrowed", marking: Marking.Red);
        red.Audience.Add("fr");
        await pair.Origin.ReviseAsync(narrowed, 1, red);
        await pair.Origin.EraseAsync(erased, 1);
        var published = await pair.Origin.PublishAsync(Drafts.Flaw("published", "only there"));
        await pair.SettleAsync();

        await RestoredPair.RestoreAsync(pair.Origin, loseAnchor: true);
        await pair.SettleAsync();

        // The partner has what it had, and the node does not tell it the older versions that it has itself.
        Assert.Equal("second", StepsOf(await pair.Follower.FindAsync("uk", revised)));
        Assert.Equal(RecordState.Withdrawn, (await pair.Follower.FindAsync("uk", withdrawn))!.Envelope.State);
        Assert.Null(await pair.Follower.FindAsync("uk", narrowed));
        Assert.Null(await pair.Follower.FindAsync("uk", erased));
        Assert.Equal("only there", StepsOf(await pair.Follower.FindAsync("uk", published)));
        Assert.Equal("first", StepsOf(await pair.Origin.FindAsync("uk", revised)));
        await Refusals.Assert("RECORD_ERASED", async () => await pair.Origin.ReviseAsync(erased, 1, Drafts.Flaw("erased")));
        Assert.NotNull(await pair.Follower.FindAsync("uk", untouched));
        var ledger = await pair.Origin.OutboundAsync("sg");
        Assert.Equal((1UL, 5UL), (ledger.RecoveredRecords - 1, ledger.StandingRecords));

        // A policy that looks at everything again changes nothing of that; what is written again goes on in its order.
        await pair.Origin.ApplyPolicyAsync("sg", TestPolicies.Green);
        await pair.SettleAsync();
        Assert.Equal("second", StepsOf(await pair.Follower.FindAsync("uk", revised)));
        Assert.Null(await pair.Follower.FindAsync("uk", narrowed));
        await pair.Origin.ReviseAsync(revised, 1, Drafts.Flaw("revised", "third"));
        await pair.Origin.ReviseAsync(narrowed, 1, Drafts.Flaw("narrowed"));
        await pair.Origin.ReviseAsync(published, 1, Drafts.Flaw("published", "and here again"));
        await pair.Follower.WaitForRecordAsync("uk", revised, r => StepsOf(r) == "third");
        await pair.Follower.WaitForRecordAsync("uk", narrowed);
        await pair.Follower.WaitForRecordAsync("uk", published, r => StepsOf(r) == "and here again");
        await pair.SettleAsync();
        await pair.VerifyAsync();
    }

    [Fact]
    public async Task Row_R1_what_stands_is_withdrawn_once_the_policy_no_longer_allows_just_that()
    {
        await using var pair = await RestoredPair.StartAsync();
        var revised = await pair.Origin.PublishAsync(Drafts.Flaw("revised", "first"));
        await pair.SettleAsync();
        await RestoredPair.SaveAsync(pair.Origin);
        await pair.Origin.ReviseAsync(revised, 1, Drafts.Flaw("revised", "second"));
        var published = await pair.Origin.PublishAsync(Drafts.Flaw("published", "only there"));
        await pair.SettleAsync();
        await RestoredPair.RestoreAsync(pair.Origin, loseAnchor: false);
        await pair.SettleAsync();
        Assert.Equal("second", StepsOf(await pair.Follower.FindAsync("uk", revised)));

        await pair.Origin.ApplyPolicyAsync("sg", TestPolicies.WithoutReproduction);

        await pair.Follower.WaitForAbsenceAsync("uk", revised);
        await pair.Follower.WaitForAbsenceAsync("uk", published);
        await pair.Origin.ApplyPolicyAsync("sg", TestPolicies.Everything);
        await pair.SettleAsync();
        // The older version is not told instead; the publisher has to look at it first.
        Assert.Null(await pair.Follower.FindAsync("uk", revised));
        Assert.Null(await pair.Follower.FindAsync("uk", published));
        await pair.Origin.ReviseAsync(revised, 1, Drafts.Flaw("revised", "third"));
        await pair.Follower.WaitForRecordAsync("uk", revised, r => StepsOf(r) == "third");
        await pair.SettleAsync();
        await pair.VerifyAsync();
    }

    [Fact]
    public async Task Row_R1_a_record_that_came_back_is_a_draft_with_the_same_parts_and_is_told_to_no_other_partner()
    {
        await using var pair = await RestoredPair.StartAsync();
        pair.Federation.Add(await TestNode.StartNewAsync("fr"));
        await pair.Federation.LetFollowAsync("uk", "fr", TestPolicies.PracticesOnly);
        await pair.SettleAsync();
        await RestoredPair.SaveAsync(pair.Origin);
        var lost = await pair.Origin.PublishAsync(Drafts.Flaw("lost", "how it is done"));
        await pair.SettleAsync();
        // A head that was signed for fr and never arrived there would stand in the anchor alone.
        await pair.Federation.SettleAsync("uk", "fr");
        var before = await pair.Follower.FindAsync("uk", lost);

        await RestoredPair.RestoreAsync(pair.Origin, loseAnchor: false);
        await pair.SettleAsync();
        await pair.Origin.ApplyPolicyAsync("fr", TestPolicies.Everything);
        await pair.Federation.SettleAsync("uk", "fr");

        Assert.Equal(before, await pair.Follower.FindAsync("uk", lost));
        Assert.Null(await pair.Federation["fr"].FindAsync("uk", lost));
        var own = await pair.Origin.FindAsync("uk", lost);
        Assert.Equal(before!.Envelope, own!.Envelope);
        Assert.Equal(before.Parts.Select(p => (p.PartId, p.ChangedMs, p.Part)), own.Parts.Select(p => (p.PartId, p.ChangedMs, p.Part)));
        // The same content once more, published: nothing changes for the one who has it, and the other gets it.
        var size = (await pair.Origin.OutboundAsync("sg")).Appended;
        var again = Drafts.Flaw("lost", "how it is done");
        foreach (var part in again.Parts)
            part.Key = "";
        await pair.Origin.ReviseAsync(lost, 1, again);
        await pair.Federation["fr"].WaitForRecordAsync("uk", lost);
        await pair.SettleAsync();
        Assert.Equal(size + 1, (await pair.Origin.OutboundAsync("sg")).Appended);
        Assert.Equal(before, await pair.Follower.FindAsync("uk", lost));
    }

    [Fact]
    public async Task Row_R1_what_nobody_knows_any_more_comes_back_as_hashes_and_the_ledger_goes_on_over_them_I2_I9()
    {
        await using var pair = await RestoredPair.StartAsync();
        var revised = await pair.Origin.PublishAsync(Drafts.Flaw("revised"));
        await pair.SettleAsync();
        await RestoredPair.SaveAsync(pair.Origin);
        await RestoredPair.SaveAsync(pair.Follower);
        await pair.Follower.StopAsync();
        // The follower sees the last of these revisions alone: of the others it gets one hash for many.
        for (var i = 0U; i < 40; i++)
        {
            await pair.Origin.ReviseAsync(revised, i + 1, Drafts.Flaw($"revised {i}"));
            await pair.Origin.WaitForOutboundAsync("sg", l => l.Appended >= i + 3);
        }

        await pair.Follower.StartAsync();
        await pair.SettleAsync();
        Assert.True(pair.Held().Count < 12);
        await RestoredPair.RestoreAsync(pair.Origin, loseAnchor: false);
        await pair.SettleAsync();

        Assert.Equal("revised 39", (await pair.Follower.FindAsync("uk", revised))!.Envelope.Title);
        using (var database = pair.Origin.OpenDatabase())
            Assert.True(database.Scalar("SELECT count(*) FROM ledger WHERE op = 0 AND vrev > 1") > 0);
        // What is new goes on behind, over a restart, and a follower that lost it all gets it again over the holes.
        await pair.Origin.ReviseAsync(revised, 1, Drafts.Flaw("revised at last"));
        await RestoredPair.SaveAsync(pair.Origin, "later");
        await pair.Follower.WaitForRecordAsync("uk", revised, r => r.Envelope.Title == "revised at last");
        await pair.SettleAsync();
        await RestoredPair.RestoreAsync(pair.Follower, loseAnchor: false);
        await pair.Follower.WaitForRecordAsync("uk", revised, r => r.Envelope.Title == "revised at last");
        await pair.SettleAsync();
        Assert.Empty(await pair.Origin.EvidenceAsync("sg"));
        await pair.VerifyAsync();
    }

    private static string? StepsOf(RecordView? record) => record?.Parts.Select(p => p.Part.FlawReproduction?.Prerequisites).FirstOrDefault(s => s is not null);
}
