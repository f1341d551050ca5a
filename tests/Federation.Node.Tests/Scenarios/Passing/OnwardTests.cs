using System.Text.RegularExpressions;
using Federation.Cli;
using Federation.Node.Tests.Cli;
using Federation.Node.Tests.Infrastructure;
using Federation.Node.Tests.Proofs;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Passing;

/// <summary>Three real nodes: jp follows sg, sg follows uk, and uk's handling says what sg may pass on to jp.</summary>
public sealed class OnwardTests : IAsyncLifetime
{
    private static readonly string[] All = ["jp", "sg", "uk"];

    private TestFederation federation = null!;

    private TestNode Uk => federation["uk"];

    private TestNode Sg => federation["sg"];

    private TestNode Jp => federation["jp"];

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartAsync(All);
        await federation.LetFollowAsync("uk", "sg", TestPolicies.Everything);
        await federation.LetFollowAsync("sg", "jp", OnwardSteps.PassingOn("uk"));
    }

    public ValueTask DisposeAsync() => federation.DisposeAsync();

    [Fact]
    public async Task Invariant_I22_what_is_passed_on_is_proven_by_its_origin_and_comes_whole()
    {
        await AgreeAsync();
        var record = await Uk.PublishAsync(OnwardSteps.Open("passed on", "the steps"));

        var got = await Jp.WaitForRecordAsync("uk", record);

        Assert.Equal(("uk", "sg", true), (got.Origin, got.ReceivedFrom, got.Forwarded));
        Assert.Equal("passed on", got.Envelope.Title);
        Assert.Equal(2, got.Parts.Count);
        Assert.False((await Sg.GetAsync("uk", record)).Forwarded);
        Assert.Empty(await Jp.EvidenceAsync("sg"));
    }

    [Fact]
    public async Task Invariant_I22_the_receiver_gets_permitted_parts_only()
    {
        await AgreeAsync();
        var draft = OnwardSteps.Open("in parts", "not for others");
        draft.Parts[1].Part.Onward = Onward.None;
        var record = await Uk.PublishAsync(draft.With("amber", new Part { Marking = Marking.Amber, FlawReproduction = new FlawReproduction { Prerequisites = "amber steps" } }));

        var got = await Jp.WaitForRecordAsync("uk", record);

        Assert.Equal(Part.ContentOneofCase.FlawSummary, Assert.Single(got.Parts).Part.ContentCase);
        Assert.Equal(3, (await Sg.GetAsync("uk", record)).Parts.Count);
        await federation.SettleThroughAsync("uk", "sg", "jp");
        Assert.Equal(0, Jp.CountInFiles("not for others"u8) + Jp.CountInFiles("amber steps"u8));
    }

    [Fact]
    public async Task Invariant_I22_the_policy_of_the_passer_on_decides_too()
    {
        await AgreeAsync();
        var record = await Uk.PublishAsync(OnwardSteps.Open("narrowed by sg"));
        await Jp.WaitForRecordAsync("uk", record, view => view.Parts.Count == 2);

        await Sg.ApplyPolicyAsync("jp", OnwardSteps.PassingOnWithoutReproduction("uk"));

        // The statement is the same; what is opened is another.
        var got = await Jp.WaitForRecordAsync("uk", record, view => view.Parts.Count == 1);
        Assert.Equal(Part.ContentOneofCase.FlawSummary, got.Parts[0].Part.ContentCase);
        await Sg.ApplyPolicyAsync("jp", TestPolicies.Everything);
        await Jp.WaitForAbsenceAsync("uk", record);
        await Sg.ApplyPolicyAsync("jp", OnwardSteps.PassingOn("uk"));
        await Jp.WaitForRecordAsync("uk", record, view => view.Parts.Count == 2);
    }

    [Fact]
    public async Task Invariant_I22_amber_goes_to_whom_a_grant_names_and_to_nobody_else()
    {
        await AgreeAsync();
        var granted = await Uk.PublishAsync(Drafts.Flaw("for jp", marking: Marking.Amber).Granting("jp").Granting("de"));
        var other = await Uk.PublishAsync(Drafts.Flaw("for de", marking: Marking.Amber).Granting("de"));
        var open = await Uk.PublishAsync(OnwardSteps.Open("open and amber", marking: Marking.Amber));
        var strict = await Uk.PublishAsync(Drafts.Flaw("strict", marking: Marking.AmberStrict).Granting("jp"));

        var got = await Jp.WaitForRecordAsync("uk", granted);

        Assert.Equal("jp", Assert.Single(got.Parts, part => part.Part.OnwardGrant is not null).Part.OnwardGrant.Institute);
        Assert.Equal(4, (await Sg.WaitForRecordAsync("uk", granted)).Parts.Count);
        await federation.SettleThroughAsync("uk", "sg", "jp");
        foreach (var record in (string[])[other, open, strict])
        {
            Assert.NotNull(await Sg.FindAsync("uk", record));
            Assert.Null(await Jp.FindAsync("uk", record));
        }
    }

    [Fact]
    public async Task A_grant_that_the_own_policy_withholds_permits_nothing()
    {
        await Jp.AddPartnerAsync(await Uk.CardAsync());
        await Sg.ApplyPolicyAsync("jp", $"{OnwardSteps.PassingOn("uk")}\n    withhold: [onward_grant]");
        var record = await Uk.PublishAsync(Drafts.Flaw("for jp", marking: Marking.Amber).Granting("jp"));

        await federation.SettleThroughAsync("uk", "sg", "jp");

        Assert.Null(await Jp.FindAsync("uk", record));
        await Sg.ApplyPolicyAsync("jp", OnwardSteps.PassingOn("uk"));
        await Jp.WaitForRecordAsync("uk", record);
    }

    [Fact]
    public async Task Invariant_I22_without_the_same_list_green_acts_as_amber()
    {
        var record = await Uk.PublishAsync(OnwardSteps.Open("green"));
        await federation.SetCommunityAsync("network", All, "uk", "sg");
        await federation.SetCommunityAsync("network", ["sg", "jp"], "jp");
        await federation.SettleThroughAsync("uk", "sg", "jp");
        Assert.NotNull(await Sg.FindAsync("uk", record));
        Assert.Null(await Jp.FindAsync("uk", record));

        await federation.SetCommunityAsync("network", All, "jp");
        await Jp.WaitForRecordAsync("uk", record);

        // What one of three loads anew is no longer the same, whichever it is.
        await federation.SetCommunityAsync("network", ["sg", "uk"], "uk");
        await Jp.WaitForAbsenceAsync("uk", record);
        await federation.SetCommunityAsync("network", All, "uk");
        await Jp.WaitForRecordAsync("uk", record);
        await federation.SetCommunityAsync("network", ["uk", "sg"], "sg");
        await Jp.WaitForAbsenceAsync("uk", record);
        Assert.Empty(await Jp.EvidenceAsync("sg"));
    }

    [Fact]
    public async Task An_origin_that_the_receiver_does_not_know_is_quarantined()
    {
        var record = await Uk.PublishAsync(Drafts.Flaw("for jp", marking: Marking.Amber).Granting("jp"));
        await Jp.WaitForInboundAsync("sg", ledger => ledger.QuarantinedRecords == 1);

        var held = Assert.Single((await Jp.Operator.ListQuarantinedAsync(new ListQuarantinedRequest(), cancellationToken: TestContext.Current.CancellationToken)).Records);

        Assert.Equal((record, "uk", "sg"), (held.RecordId, held.Origin, held.ReceivedFrom));
        Assert.Contains("keys are not known", held.Reason, StringComparison.Ordinal);
        Assert.Null(await Jp.FindAsync("uk", record));
    }

    [Fact]
    public async Task Invariant_I16_a_withdrawal_an_erasure_and_a_narrowing_of_the_origin_travel_on_in_bounded_time()
    {
        await AgreeAsync();
        var narrowed = await Uk.PublishAsync(OnwardSteps.Open("narrowed", "narrowed steps"));
        var erased = await Uk.PublishAsync(OnwardSteps.Open("erased", "erased steps"));
        var unshared = await Uk.PublishAsync(OnwardSteps.Open("unshared", "unshared steps"));
        var withdrawn = await Uk.PublishAsync(OnwardSteps.Open("withdrawn", "withdrawn steps"));
        foreach (var record in (string[])[narrowed, erased, unshared, withdrawn])
            await Jp.WaitForRecordAsync("uk", record);

        var began = TimeProvider.System.GetTimestamp();
        await Uk.ReviseAsync(narrowed, 1, Drafts.Flaw("narrowed", "narrowed steps"));
        await Uk.EraseAsync(erased, 1);
        await Uk.WithdrawAsync(withdrawn, 1);
        var hidden = OnwardSteps.Open("unshared", "unshared steps", Marking.Red);
        hidden.Audience.Add("us");
        await Uk.ReviseAsync(unshared, 1, hidden);
        foreach (var record in (string[])[narrowed, erased, unshared])
            await Jp.WaitForAbsenceAsync("uk", record);
        var left = await Jp.WaitForRecordAsync("uk", withdrawn, view => view.Envelope.State == RecordState.Withdrawn);
        var lag = TimeProvider.System.GetElapsedTime(began);

        Assert.Empty(left.Parts);
        Assert.NotNull(await Sg.FindAsync("uk", narrowed));
        // Two hops, each of a tick of 20 ms and a commit at either end: all else is the machine's.
        TestContext.Current.TestOutputHelper?.WriteLine($"four records in {lag.TotalMilliseconds:F0} ms");
        Assert.InRange(lag, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        await Sg.WaitForOutboundAsync("jp", ledger => ledger.Receipted == ledger.Appended);
        await Patience.UntilAsync(
            () => Task.FromResult(Jp.CountInFiles("erased steps"u8) + Sg.CountInFiles("erased steps"u8) + Jp.CountInFiles("unshared steps"u8) == 0),
            () => "what was erased is in no file of either node");
    }

    [Fact]
    public async Task A_watcher_hears_of_what_is_passed_on_and_taken_back()
    {
        await AgreeAsync();
        using var bounded = Patience.Bounded();
        using var watch = Jp.Records.WatchRecords(new WatchRecordsRequest(), cancellationToken: bounded.Token);
        var record = await Uk.PublishAsync(OnwardSteps.Open("watched"));
        await NextAsync(watch, record, RecordEvent.Changed, bounded.Token);

        await Uk.EraseAsync(record, 1);

        await NextAsync(watch, record, RecordEvent.Removed, bounded.Token);
    }

    [Fact]
    public async Task The_list_can_be_left_and_joined_over_restarts()
    {
        await AgreeAsync();
        var record = await Uk.PublishAsync(OnwardSteps.Open("over restarts"));
        await Jp.WaitForRecordAsync("uk", record);

        await Sg.StopAsync();
        await Sg.StartAsync();
        var second = await Uk.PublishAsync(OnwardSteps.Open("after the restart"));

        Assert.True((await Jp.WaitForRecordAsync("uk", second)).Forwarded);
        Assert.NotNull(await Jp.FindAsync("uk", record));
        Assert.Equal(record, (await Jp.ListAllAsync())[$"uk/{record}"].RecordId);
    }

    [Fact]
    public async Task Exports_prove_what_was_passed_on_to_both_verifiers()
    {
        await AgreeAsync();
        var draft = OnwardSteps.Open("exported");
        draft.Parts[1].Part.Onward = Onward.None;
        var record = await Uk.PublishAsync(draft);
        await Jp.WaitForRecordAsync("uk", record);
        await federation.SettleAsync("sg", "jp");
        Assert.True(Digest.TryParse((await Sg.Operator.GetNodeAsync(new GetNodeRequest(), cancellationToken: TestContext.Current.CancellationToken)).RootFingerprint, out var root));
        using var directory = new TestDirectory();
        (TestNode Node, string Partner, string Direction)[] sides = [(Sg, "jp", "out"), (Jp, "sg", "in")];
        foreach (var (node, partner, direction) in sides)
        {
            foreach (var kind in (string[])["ledger", "evidence"])
            {
                var file = directory.Inside($"{kind}.{direction}");
                string[] options = direction == "in" ? ["--inbound"] : [];
                var export = await ToolRun.Of([kind, "export", partner, "--out", file, .. options, "--dir", node.Location]);
                Assert.True(export.ExitCode == ExitCode.Ok, export.Error);

                var run = await ToolRun.Of("verify", file, "--root", root.ToString());

                Assert.True(run.ExitCode == ExitCode.Ok, run.Error);
                Assert.Contains("of uk", run.Output, StringComparison.Ordinal);
                Assert.Contains("which you did not name", Regex.Replace(run.Output, @"\s+", " "), StringComparison.Ordinal);
                var second = await SecondVerifier.VerifyAsync(file, root);
                Assert.True(second.Verified, second.Fault);
                Assert.Equal(FirstVerifier.Verify(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), root, null).Shown, second.Shown);
            }
        }
    }

    [Fact]
    public async Task An_annotation_of_a_record_goes_on_with_it()
    {
        await AgreeAsync();
        var target = await Uk.PublishAsync(OnwardSteps.Open("annotated"));
        await Sg.WaitForRecordAsync("uk", target);
        var hidden = await Uk.PublishAsync(Drafts.Flaw("not passed on"));
        await Sg.WaitForRecordAsync("uk", hidden);

        var note = await Sg.PublishAsync(Drafts.Annotation("uk", target));
        var silent = await Sg.PublishAsync(Drafts.Annotation("uk", hidden));

        await Jp.WaitForRecordAsync("sg", note);
        await federation.SettleAsync("sg", "jp");
        Assert.Null(await Jp.FindAsync("sg", silent));
        await Uk.EraseAsync(target, 1);
        await Jp.WaitForAbsenceAsync("sg", note);
    }

    private static async Task NextAsync(
        Grpc.Core.AsyncServerStreamingCall<WatchRecordsResponse> watch, string record, RecordEvent wanted, CancellationToken cancellationToken)
    {
        while (await watch.ResponseStream.MoveNext(cancellationToken))
        {
            if (watch.ResponseStream.Current is { Record: { } seen } change && seen.RecordId == record && change.Event == wanted)
                return;
        }

        Assert.Fail($"no {wanted} of {record}");
    }

    private async Task AgreeAsync()
    {
        await federation.SetCommunityAsync("network", All, All);
        await Sg.WaitForAgreementAsync("uk", "jp");
        await Jp.WaitForAgreementAsync("sg");
    }
}
