using Federation.Cli;
using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf.WellKnownTypes;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Recovery;

/// <summary>What else happens to a node one of whose ledgers has lost its end, before that is back and afterwards.</summary>
public sealed class AfterRecoveryTests : IAsyncLifetime
{
    private RestoredPair pair = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private TestNode Uk => pair.Origin;

    private TestNode Sg => pair.Follower;

    public async ValueTask InitializeAsync() => pair = await RestoredPair.StartAsync();

    public ValueTask DisposeAsync() => pair.DisposeAsync();

    [Fact]
    public async Task Row_R13_what_was_taken_back_is_told_neither_to_others_nor_when_the_ledger_begins_anew_R24_I16()
    {
        var narrowed = await Uk.PublishAsync(Drafts.Flaw("narrowed"));
        var untouched = await Uk.PublishAsync(Drafts.Flaw("untouched"));
        await pair.SettleAsync();
        await RestoredPair.SaveAsync(Uk);
        var red = Drafts.Flaw("narrowed", marking: Marking.Red);
        red.Audience.Add("fr");
        await Uk.ReviseAsync(narrowed, 1, red);
        await Sg.WaitForAbsenceAsync("uk", narrowed);
        await RestoredPair.RestoreAsync(Uk, loseAnchor: true);
        await pair.SettleAsync();

        await Uk.AddPartnerAsync(new TestInstitute("fr").Card, share: true);
        await Uk.ApplyPolicyAsync("fr", TestPolicies.Everything);
        await pair.SettleAsync();
        var others = (await Uk.Records.ListRecordsAsync(new ListRecordsRequest(), cancellationToken: Now)).Records.Count(r => r.Origin == "uk") - 1;
        Assert.Equal((ulong)others, (await Uk.WaitForOutboundAsync("fr", l => !l.Sweeping && l.LiveRecords > 1)).LiveRecords);

        await pair.BeginAnewAsync();
        Assert.Null(await Sg.FindAsync("uk", narrowed));
        Assert.NotNull(await Sg.FindAsync("uk", untouched));

        // Its publisher decides.
        await Uk.ReviseAsync(narrowed, 1, Drafts.Flaw("narrowed"));
        await Sg.WaitForRecordAsync("uk", narrowed);
        await RestingNodes.CheckAsync(Uk, Sg, Now);
    }

    [Fact]
    public async Task Row_R1_a_ledger_that_is_waited_for_keeps_no_other_partner_waiting()
    {
        await Uk.AddPartnerAsync(new TestInstitute("fr").Card, share: true);
        await Uk.ApplyPolicyAsync("fr", TestPolicies.Everything);
        var embargoed = Drafts.Flaw("embargoed");
        embargoed.EmbargoUntil = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddSeconds(8));
        await Uk.PublishAsync(embargoed);
        await pair.SettleAsync();
        await RestoredPair.SaveAsync(Uk);
        await pair.SettleAsync();
        await LoseEndAsync();
        var before = (await Uk.OutboundAsync("fr")).LiveRecords;

        await Uk.WaitForOutboundAsync("fr", l => l.LiveRecords == before + 1);
        await Uk.PublishAsync(Drafts.Flaw("after the embargo"));
        await Uk.WaitForOutboundAsync("fr", l => l.LiveRecords == before + 2);

        await Sg.StartAsync();
        await pair.SettleAsync();
        await RestingNodes.CheckAsync(Uk, Sg, Now);
    }

    [Fact]
    public async Task Row_R1_what_is_written_after_a_restore_is_newer_than_what_was_lost_over_further_restarts()
    {
        var flaw = await Uk.PublishAsync(Drafts.Flaw("revised", "first"));
        await pair.SettleAsync();
        await RestoredPair.SaveAsync(Uk);
        await Uk.ReviseAsync(flaw, 1, Drafts.Flaw("revised", "lost"));
        await Sg.WaitForRecordAsync("uk", flaw, r => r.Revision == 2);
        await pair.SettleAsync();
        await Sg.StopAsync();
        await RestoredPair.RestoreAsync(Uk, loseAnchor: false);
        await Uk.ReviseAsync(flaw, 1, Drafts.Flaw("revised", "written since"));
        await Uk.StopAsync();
        await Uk.StartAsync();

        await Sg.StartAsync();

        await Sg.WaitForRecordAsync("uk", flaw, r => r.Parts.Any(p => p.Part.FlawReproduction?.Prerequisites == "written since"));
        await pair.SettleAsync();
        await pair.VerifyAsync();
    }

    [Fact]
    public async Task Row_R1_an_image_that_was_taken_before_the_ledger_was_back_tells_nothing_older_when_it_is_put_back()
    {
        await pair.SettleAsync();
        await RestoredPair.SaveAsync(Uk);
        await pair.SettleAsync();
        await LoseEndAsync();
        var flaw = await Uk.PublishAsync(Drafts.Flaw("written since", "first"));
        await RestoredPair.SaveAsync(Uk, "waiting");
        await Sg.StartAsync();
        await Sg.WaitForRecordAsync("uk", flaw);
        await Uk.ReviseAsync(flaw, 1, Drafts.Flaw("written since", "second"));
        await Sg.WaitForRecordAsync("uk", flaw, IsSecond);
        await pair.SettleAsync();

        await RestoredPair.RestoreAsync(Uk, loseAnchor: true, "waiting");
        await pair.SettleAsync();

        Assert.True(IsSecond((await Sg.FindAsync("uk", flaw))!));
        await pair.VerifyAsync();

        static bool IsSecond(RecordView record) => record.Parts.Any(part => part.Part.FlawReproduction?.Prerequisites == "second");
    }

    [Fact]
    public async Task R24_a_ledger_whose_end_is_still_waited_for_begins_anew_only_if_that_is_said_in_so_many_words_I16()
    {
        var narrowed = await Uk.PublishAsync(Drafts.Flaw("narrowed"));
        await pair.SettleAsync();
        await RestoredPair.SaveAsync(Uk);
        await Uk.ReviseAsync(narrowed, 1, Drafts.Flaw("narrowed", marking: Marking.Red));
        await Sg.WaitForAbsenceAsync("uk", narrowed);
        await pair.SettleAsync();
        await LoseEndAsync();

        var refused = await pair.ResetAsync();
        Assert.Equal(ExitCode.Refused, refused.ExitCode);
        Assert.Contains("LEDGER_NOT_READY", refused.Error, StringComparison.Ordinal);
        Assert.Contains("would be told what is older", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1u, (await Uk.OutboundAsync("sg")).Incarnation);

        Assert.Equal(ExitCode.Ok, (await pair.ResetAsync("--without-end")).ExitCode);
        await Sg.StartAsync();
        await pair.AcceptAsync();
        await RestingNodes.CheckAsync(Uk, Sg, Now);
    }

    [Fact]
    public async Task R23_a_long_stretch_that_came_back_as_one_hash_is_no_damage()
    {
        const int records = 520;
        await pair.SettleAsync();
        await RestoredPair.SaveAsync(Sg, "early");
        var all = await Task.WhenAll(Enumerable.Range(0, records).Select(i => Uk.PublishAsync(Drafts.Practice($"practice {i}"))));
        // What is revised before it is disclosed makes one entry, not two.
        await Uk.WaitForOutboundAsync("sg", l => l.Appended > records);
        await ReviseAsync(all[..380], 1);
        await Uk.WaitForOutboundAsync("sg", l => l.Receipted >= 900);
        await RestoredPair.SaveAsync(Uk);
        await ReviseAsync(all[380..], 1);
        await ReviseAsync(all, 2);
        await pair.SettleAsync();
        await RestoredPair.RestoreAsync(Sg, loseAnchor: false, "early");
        await pair.SettleAsync();

        await RestoredPair.RestoreAsync(Uk, loseAnchor: false);
        await pair.SettleAsync();
        // One hash for [512, 1024) stands in the place of a tile that was full before, and of one that was not.
        Assert.True((await Uk.OutboundAsync("sg")).RecoveredEntries > records);
        await Uk.Operator.StartScrubAsync(new StartScrubRequest(), cancellationToken: Now);
        await Patience.UntilAsync(
            async () => (await Uk.Operator.GetScrubAsync(new GetScrubRequest(), cancellationToken: Now)) is { Running: false, Items.Count: > 0 }, () => "the end of the scrub");
        await pair.SettleAsync();
        Assert.Empty(await Uk.EvidenceAsync("sg"));
        Assert.Equal(OutboundState.Active, (await Uk.OutboundAsync("sg")).State);
    }

    // The partner that would give it back is down.
    private async Task LoseEndAsync()
    {
        await Sg.StopAsync();
        await RestoredPair.RestoreAsync(Uk, loseAnchor: false);
        await Uk.WaitForOutboundAsync("sg", l => l.State == OutboundState.Recovering);
    }

    private Task<uint[]> ReviseAsync(string[] records, uint revision) =>
        Task.WhenAll(records.Select(record => Uk.ReviseAsync(record, revision, Drafts.Practice($"revision {revision}"))));
}
