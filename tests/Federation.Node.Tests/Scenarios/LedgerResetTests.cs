using System.Text;
using Federation.Cli;
using Federation.Node.Storage;
using Federation.Node.Tests.Cli;
using Federation.Node.Tests.Infrastructure;
using Federation.Node.Tests.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Google.Protobuf;
using Xunit;

namespace Federation.Node.Tests.Scenarios;

/// <summary>R24: ledgers that begin anew under their institute's root, and followers that begin anew on the same ledger.</summary>
public sealed class LedgerResetTests : IAsyncLifetime
{
    private const int Halted = 3012;
    private const int Forked = 3002;

    private readonly TestDirectory place = new();
    private TestFederation federation = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private TestNode Uk => federation["uk"];

    private TestNode Jp => federation["jp"];

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Everything);
        Jp.Log.Expect(Halted);
    }

    public async ValueTask DisposeAsync()
    {
        await federation.DisposeAsync();
        place.Dispose();
    }

    [Fact]
    public async Task A_reset_waits_for_the_followers_operator_and_what_was_received_stays_R24_I15()
    {
        var first = await Uk.PublishAsync(Drafts.Flaw("first"));
        await federation.SettleAsync("uk", "jp");
        var held = await Jp.InboundAsync("uk");

        await ResetAsync("--code", "damaged");
        var halted = await Jp.WaitForInboundAsync("uk", l => l.State == InboundState.Halted);
        Assert.StartsWith("LEDGER_RESET", halted.LastFault, StringComparison.Ordinal);
        Assert.Equal(OutboundState.Unconfirmed, (await Uk.OutboundAsync("jp")).State);
        var second = await Uk.PublishAsync(Drafts.Flaw("second"));
        // Going on by itself, or by a mere resume, is not possible.
        await Jp.ResumeAsync("uk");
        await Patience.UntilAsync(() => Task.FromResult(Jp.Log.Lines.Count(l => l.EventId == Halted) == 2), () => "a second halt");
        Assert.Contains(await Jp.EvidenceAsync("uk"), e => e.Fault == "LEDGER_RESET");
        Assert.NotNull(await Jp.FindAsync("uk", first));
        Assert.Null(await Jp.FindAsync("uk", second));
        Assert.Equal((1u, held.Applied), ((await Jp.InboundAsync("uk")).Incarnation, (await Jp.InboundAsync("uk")).Applied));

        await AcceptAsync();
        await Jp.WaitForRecordAsync("uk", second);
        Assert.NotNull(await Jp.FindAsync("uk", first));
        await federation.SettleAsync("uk", "jp");
        foreach (var restart in new[] { false, true })
        {
            if (restart)
                await RestartAsync(Jp);
            var now = await Jp.WaitForInboundAsync("uk", l => l.State == InboundState.Tailing);
            var shown = Assert.Single(now.Resets);
            Assert.Equal((2u, held.LedgerId, 1u, 2u), (now.Incarnation, now.LedgerId, shown.OldIncarnation, shown.NewIncarnation));
            Assert.Equal((ResetReason.Damaged, "the test says so", held.Applied), (shown.ReasonCode, shown.Reason, shown.HeldSize));
            Assert.NotNull(shown.AcceptedAt);
        }

        Assert.Equal("the test says so", Assert.Single((await Uk.OutboundAsync("jp")).Resets).Reason);
        foreach (var (node, partner) in new[] { (Uk, "jp"), (Jp, "uk") })
            Assert.Contains("incarnation 2 after 1", (await ToolRun.Of("--dir", node.Location, "partner", "status", partner)).Output, StringComparison.Ordinal);
        await AssertKeptAsync(held);
    }

    [Fact]
    public async Task What_the_new_incarnation_never_speaks_of_is_removed_at_its_end_R24_I16()
    {
        const string canary = "canary-of-the-old-incarnation";
        var kept = await Uk.PublishAsync(Drafts.Flaw("kept"));
        var gone = await Uk.PublishAsync(Drafts.Flaw(canary, canary));
        await federation.SettleAsync("uk", "jp");
        await Jp.StopAsync();
        await Uk.EraseAsync(gone, 1);
        await ResetAsync();
        await Jp.StartAsync();
        await Jp.WaitForStateAsync("uk", InboundState.Halted);
        Assert.NotNull(await Jp.FindAsync("uk", gone));

        await AcceptAsync();

        await Jp.WaitForAbsenceAsync("uk", gone);
        Assert.NotNull(await Jp.FindAsync("uk", kept));
        await federation.SettleAsync("uk", "jp");
        await Uk.WaitForOutboundAsync("jp", l => l.Receipted == l.Appended);
        // A receipt confirms this removal too.
        Assert.Equal(0, Jp.CountInFiles(Encoding.UTF8.GetBytes(canary)));
        await RestingNodes.CheckAsync(Uk, Jp, Now);
    }

    [Fact]
    public async Task What_is_to_be_disclosed_anew_and_is_not_yet_stays_readable_R24()
    {
        FaultyNodeStore? store = null;
        await Uk.StopAsync();
        Uk.Wrap = inner => store = new FaultyNodeStore(inner);
        await Uk.StartAsync();
        var flaw = await Uk.PublishAsync(Drafts.Flaw("told anew"));
        await federation.SettleAsync("uk", "jp");
        var open = new TaskCompletionSource();
        store!.BeforeAppend = _ => open.Task;
        await ResetAsync();
        await Jp.WaitForStateAsync("uk", InboundState.Halted);
        await AcceptAsync();
        await Jp.WaitForInboundAsync("uk", l => l is { Incarnation: 2, State: InboundState.Syncing });

        // Longer than it takes until an empty ledger tells that it is empty.
        await Task.Delay(TimeSpan.FromSeconds(1), Now);
        Assert.NotNull(await Jp.FindAsync("uk", flaw));

        open.SetResult();
        await federation.SettleAsync("uk", "jp");
        Assert.NotNull(await Jp.FindAsync("uk", flaw));
        await RestingNodes.CheckAsync(Uk, Jp, Now);
    }

    [Fact]
    public async Task A_store_from_before_a_reset_is_forked_until_it_begins_anew_once_more_R24_I3()
    {
        await Uk.PublishAsync(Drafts.Flaw("first"));
        await federation.SettleAsync("uk", "jp");
        await Uk.StopAsync();
        Uk.SaveDatabase();
        await Uk.StartAsync();
        await ResetAsync();
        await Jp.WaitForStateAsync("uk", InboundState.Halted);
        await AcceptAsync();
        await federation.SettleAsync("uk", "jp");
        foreach (var loses in new[] { false, true })
        {
            Uk.Log.Expect(Forked);
            await Uk.StopAsync();
            Uk.RestoreDatabase();
            if (loses)
                Uk.LoseAnchor();
            await Uk.StartAsync();

            await Uk.WaitForOutboundAsync("jp", l => l.State == OutboundState.Forked);
            Assert.Contains(await Uk.EvidenceAsync("jp"), e => e.Fault == "LEDGER_FORKED");
        }

        var contact = await ToolRun.Of("--dir", Jp.Location, "ledger", "contact", "uk", "--out", place.Inside("jp.contact"));
        Assert.Equal((ExitCode.Ok, ""), (contact.ExitCode, contact.Error));
        await ResetAsync("--code", "forked", "--contact", place.Inside("jp.contact"));
        Assert.Equal(3u, (await Uk.OutboundAsync("jp")).Incarnation);
        await Jp.ResumeAsync("uk");
        await Jp.WaitForInboundAsync("uk", l => l.State == InboundState.Halted && l.LastFault.StartsWith("LEDGER_RESET", StringComparison.Ordinal));
        await AcceptAsync();
        await federation.SettleAsync("uk", "jp");
        await RestingNodes.CheckAsync(Uk, Jp, Now);
    }

    [Fact]
    public async Task A_tombstone_of_the_old_incarnation_holds_until_the_new_one_discloses_the_record_again_R24_I15_I16()
    {
        var flaw = await Uk.PublishAsync(Drafts.Flaw("a flaw"));
        var stays = await Uk.PublishAsync(Drafts.Flaw("gone for good"));
        await Jp.WaitForRecordAsync("uk", stays);
        await Uk.ApplyPolicyAsync("jp", TestPolicies.PracticesOnly);
        await Jp.WaitForAbsenceAsync("uk", flaw);
        await Uk.EraseAsync(stays, 1);
        await ResetAsync();
        await Jp.WaitForStateAsync("uk", InboundState.Halted);
        await AcceptAsync();
        await federation.SettleAsync("uk", "jp");

        Assert.Null(await Jp.FindAsync("uk", flaw));
        Assert.Equal(1u, PastOf(Jp, flaw));
        // In the order of incarnation and vrev 2/1 is above the tombstone at 1/2.
        await Uk.ApplyPolicyAsync("jp", TestPolicies.Everything);
        await Jp.WaitForRecordAsync("uk", flaw);
        Assert.Equal(0u, PastOf(Jp, flaw));
        await federation.SettleAsync("uk", "jp");
        Assert.Null(await Jp.FindAsync("uk", stays));
        await RestingNodes.CheckAsync(Uk, Jp, Now);
    }

    [Fact]
    public async Task An_originator_that_lost_its_store_begins_anew_on_the_same_ledger_R24()
    {
        var lost = await Uk.PublishAsync(Drafts.Flaw("lost with the store"));
        await federation.SettleAsync("uk", "jp");
        var held = await Jp.InboundAsync("uk");
        await Uk.StopAsync();
        DestroyData(Uk);
        await Uk.StartAsync();
        await Uk.AddPartnerAsync(await Jp.CardAsync(), share: true);
        await Uk.ApplyPolicyAsync("jp", TestPolicies.Everything);
        var found = await Uk.PublishAsync(Drafts.Flaw("written since"));
        await Jp.WaitForStateAsync("uk", InboundState.Disconnected);
        Assert.NotEqual(held.LedgerId, (await Uk.OutboundAsync("jp")).LedgerId);
        var contact = await ToolRun.Of("--dir", Jp.Location, "ledger", "contact", "uk", "--out", place.Inside("jp.contact"));
        Assert.Equal((ExitCode.Ok, ""), (contact.ExitCode, contact.Error));

        await ResetAsync("--code", "lost", "--contact", place.Inside("jp.contact"));
        await Jp.WaitForStateAsync("uk", InboundState.Halted);
        var offered = Assert.Single((await Jp.InboundAsync("uk")).Resets);
        Assert.Equal((1u, held.Applied, 2u, ResetReason.Lost), (offered.OldIncarnation, offered.OldSize, offered.NewIncarnation, offered.ReasonCode));
        await AcceptAsync();

        await Jp.WaitForRecordAsync("uk", found);
        await Jp.WaitForAbsenceAsync("uk", lost);
        Assert.Equal((held.LedgerId, 2u), ((await Jp.InboundAsync("uk")).LedgerId, (await Jp.InboundAsync("uk")).Incarnation));
        await federation.SettleAsync("uk", "jp");
        await RestingNodes.CheckAsync(Uk, Jp, Now);
    }

    [Fact]
    public async Task A_follower_that_lost_everything_but_its_keys_takes_the_same_ledger_from_its_beginning_R24()
    {
        var records = new List<string>();
        for (var i = 0; i < 5; i++)
            records.Add(await Uk.PublishAsync(Drafts.Flaw($"flaw {i}")));
        await federation.SettleAsync("uk", "jp");
        await Uk.EraseAsync(records[0], 1);
        await Jp.WaitForAbsenceAsync("uk", records[0]);
        var ledger = (await Jp.InboundAsync("uk")).LedgerId;

        await Jp.StopAsync();
        DestroyData(Jp);
        await Jp.StartAsync();
        await Jp.AddPartnerAsync(await Uk.CardAsync(), follow: true);

        foreach (var record in records.Skip(1))
            await Jp.WaitForRecordAsync("uk", record);
        await federation.SettleAsync("uk", "jp");
        Assert.Null(await Jp.FindAsync("uk", records[0]));
        var now = await Jp.InboundAsync("uk");
        Assert.Equal((ledger, 1u), (now.LedgerId, now.Incarnation));
        Assert.Equal(OutboundState.Active, (await Uk.OutboundAsync("jp")).State);
        await RestingNodes.CheckAsync(Uk, Jp, Now);
    }

    [Fact]
    public async Task A_reset_that_the_root_did_not_sign_or_that_does_not_fit_is_refused_by_the_originator()
    {
        await federation.SettleAsync("uk", "jp");
        var draft = await Uk.Operator.ResetLedgerAsync(new ResetLedgerRequest { Partner = "jp", Reason = "why" }, cancellationToken: Now);
        Assert.False(draft.InForce);
        var payload = draft.Payload.ToByteArray();
        Assert.True(LedgerReset.TryDecode(payload, out var reset, out _));

        await Refusals.Assert("SIGNATURE_INVALID", () => PutInForceAsync(payload, "head"));
        await Refusals.Assert("FIELD_INVALID", () => PutInForceAsync((reset with { Origin = InstituteId.Parse("sg") }).Encode(), "root"));
        await Refusals.Assert("FIELD_INVALID", () => PutInForceAsync((reset with { Ledger = LedgerId.Parse("00112233445566778899aabbccddeeff") }).Encode(), "root"));
        await Refusals.Assert("FIELD_INVALID", () => Uk.Operator.ResetLedgerAsync(new ResetLedgerRequest { Partner = "jp" }, cancellationToken: Now).ResponseAsync);
        Assert.Equal((1u, OutboundState.Active), ((await Uk.OutboundAsync("jp")).Incarnation, (await Uk.OutboundAsync("jp")).State));

        await PutInForceAsync(payload, "root");
        await Refusals.Assert("FIELD_INVALID", () => PutInForceAsync(payload, "root"));
        Assert.Equal(2u, (await Uk.OutboundAsync("jp")).Incarnation);
        await Jp.WaitForStateAsync("uk", InboundState.Halted);
        await Refusals.Assert("FIELD_INVALID", () => AcceptAsync(3));
        await AcceptAsync(2);
        await Refusals.Assert("FIELD_INVALID", () => AcceptAsync(2));
    }

    [Fact]
    public async Task A_follower_halts_and_accepts_nothing_for_a_reset_that_its_partners_root_did_not_sign_R24()
    {
        await using var hostile = await HostileOrigin.StartAsync("sg");
        hostile.Append(HostileEntry.Flaw(hostile.Institute, RecordId.Parse("11111111-1111-1111-1111-111111111111"), "the first"));
        await Jp.AddPartnerAsync(hostile.Institute.Card, follow: true);
        await Jp.WaitForStateAsync("sg", InboundState.Tailing);
        var reset = new LedgerReset(
            InstituteId.Parse("sg"), hostile.Ledger, 1, 0, Digest.Zero, 2, 1_700_000_000_000, LedgerResetReason.Other, "because we say so").Encode();
        hostile.TamperHello = answer =>
        {
            (answer.Contact, answer.Incarnation, answer.Head) = (Contact.Retired, 2, null);
            answer.LedgerResets.Add(TestInstitute.Sign(hostile.Institute.Heads, LedgerReset.PaeType, reset));
        };

        hostile.Disconnect();

        var halted = await Jp.WaitForInboundAsync("sg", l => l.State == InboundState.Halted);
        Assert.StartsWith("RESET_INVALID", halted.LastFault, StringComparison.Ordinal);
        Assert.Empty(halted.Resets);
        await Refusals.Assert(
            "FIELD_INVALID", () => Jp.Operator.AcceptLedgerResetAsync(new AcceptLedgerResetRequest { Partner = "sg", Incarnation = 2 }, cancellationToken: Now).ResponseAsync);
        Assert.Contains(await Jp.EvidenceAsync("sg"), e => e.Fault == "RESET_INVALID");
    }

    private async Task ResetAsync(params string[] more)
    {
        string[] words = ["--dir", Uk.Location, "ledger", "reset", "jp", "--reason", "the test says so", "--root-key", RootKeyOf(Uk), "--yes", .. more];
        var run = await ToolRun.Of(words);
        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
    }

    private async Task AcceptAsync()
    {
        var run = await ToolRun.Of("--dir", Jp.Location, "partner", "accept-reset", "uk", "--yes");
        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
    }

    private Task<AcceptLedgerResetResponse> AcceptAsync(uint incarnation) =>
        Jp.Operator.AcceptLedgerResetAsync(new AcceptLedgerResetRequest { Partner = "uk", Incarnation = incarnation }, cancellationToken: Now).ResponseAsync;

    private Task<ResetLedgerResponse> PutInForceAsync(byte[] payload, string key)
    {
        using var signer = Federation.Protocol.Keys.SigningKey.FromKey(Uk.Key(key));
        var signed = new SignedBytes { Payload = ByteString.CopyFrom(payload), Signature = ByteString.CopyFrom(signer.Sign(LedgerReset.PaeType, payload)) };
        return Uk.Operator.ResetLedgerAsync(new ResetLedgerRequest { Partner = "jp", Reset = signed }, cancellationToken: Now).ResponseAsync;
    }

    // The old entries and head are kept under their incarnation, and the entries still make the root of that head.
    private async Task AssertKeptAsync(InboundLedger held)
    {
        await Jp.StopAsync();
        using (var database = Jp.OpenDatabase())
        {
            var leaves = new List<Digest>();
            var ledger = LedgerId.Read(held.LedgerId.Span);
            using (var rows = database.UseOnce("SELECT seq, leaf FROM in_entry_past WHERE incarnation = 1 ORDER BY seq"))
            {
                while (rows.Step())
                    leaves.Add(HeldItem.Decode(ledger, rows.UInt64(0), rows.Span(1)).Hash);
            }

            using var past = database.UseOnce("SELECT head, size FROM follow_past WHERE incarnation = 1");
            Assert.True(past.Step());
            Assert.True(Head.TryDecode(past.Span(0), out var head, out _));
            Assert.Equal((held.Applied, (ulong)leaves.Count, TreeRoot.Of(leaves)), (past.UInt64(1), head.Size, head.Root));
        }

        await Jp.StartAsync();
        await RestingNodes.CheckAsync(Uk, Jp, Now);
    }

    private static uint PastOf(TestNode node, string record)
    {
        using var database = node.OpenDatabase();
        using var row = database.UseOnce("SELECT past FROM record WHERE rid = ?1").Bind(1, RecordId.Parse(record));
        Assert.True(row.Step());
        return (uint)row.Int64(0);
    }

    private static async Task RestartAsync(TestNode node)
    {
        await node.StopAsync();
        await node.StartAsync();
    }

    private static string RootKeyOf(TestNode node) => Path.Combine(node.Location, "keys", "root.key");

    private static void DestroyData(TestNode node) => Directory.Delete(Path.GetDirectoryName(node.DatabasePath)!, recursive: true);
}
