using System.Text;
using Federation.Cli;
using Federation.Cli.Verification;
using Federation.Node.Tests.Cli;
using Federation.Node.Tests.Infrastructure;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Google.Protobuf;
using Xunit;

namespace Federation.Node.Tests.Exchange;

/// <summary>A ledger that travels as files between two nodes which never reach each other: the same verification, the same application, receipts that travel back.</summary>
public sealed class AirGapTests : IAsyncLifetime
{
    private const int Halted = 3012;
    private const int Forked = 3002;

    private readonly TestDirectory place = new();
    private TestFederation federation = null!;
    private int files;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private TestNode Uk => federation["uk"];

    private TestNode Jp => federation["jp"];

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartAsync("uk", "jp");
        await Uk.AddPartnerAsync(Unreachable(await Jp.CardAsync()), share: true);
        await Uk.ApplyPolicyAsync("jp", TestPolicies.Everything);
        await Jp.AddPartnerAsync(Unreachable(await Uk.CardAsync()), follow: true);
    }

    public async ValueTask DisposeAsync()
    {
        await federation.DisposeAsync();
        place.Dispose();
    }

    [Fact]
    public async Task Files_carry_records_revisions_and_removals_and_receipts_carry_back_that_they_are_durable_I13_I17()
    {
        var kept = await Uk.PublishAsync(Drafts.Flaw("kept"));
        var gone = await Uk.PublishAsync(Drafts.Flaw("gone"));
        await TransferAsync(2, "--first");
        Assert.NotNull(await Jp.FindAsync("uk", kept));
        Assert.NotNull(await Jp.FindAsync("uk", gone));

        await Uk.ReviseAsync(kept, 1, Drafts.Flaw("kept and revised"));
        await Uk.EraseAsync(gone, 1);
        var contact = await TransferAsync(4, "--contact", place.Inside("0.contact"));
        Assert.Equal("kept and revised", (await Jp.FindAsync("uk", kept))!.Envelope.Title);
        Assert.Null(await Jp.FindAsync("uk", gone));
        var outbound = await Uk.OutboundAsync("jp");
        Assert.Equal((4UL, 4UL, 0UL), (outbound.Receipted, outbound.Appended, outbound.RemovalsUnconfirmed));
        Assert.Equal(4UL, (await Jp.InboundAsync("uk")).Applied);
        Assert.True(File.Exists(contact));
        await RestingNodes.CheckAsync(Uk, Jp, Now);
    }

    [Fact]
    public async Task A_file_that_does_not_begin_where_the_follower_stands_is_refused_and_changes_nothing()
    {
        await Uk.PublishAsync(Drafts.Flaw("one"));
        await WaitForEntriesAsync(1);
        var first = await ExportAsync("--first");
        await Uk.PublishAsync(Drafts.Flaw("two"));
        await WaitForEntriesAsync(2);
        var gap = await ExportAsync("--from", "1");

        await AssertRefusedAsync(gap, "LEDGER_NOT_READY", "a file before it is missing");
        Assert.Equal(0u, (await Jp.InboundAsync("uk")).Incarnation);
        await ImportAsync(first);
        await AssertRefusedAsync(first, "LEDGER_NOT_READY", "it was imported before");
        await AssertRefusedAsync(await ExportAsync("--from", "0"), "LEDGER_NOT_READY", "have one exported from size 1");
        await ImportAsync(gap);
        Assert.Equal(2UL, (await Jp.InboundAsync("uk")).Applied);
        Assert.Empty(await Jp.EvidenceAsync("uk"));
    }

    [Fact]
    public async Task A_file_that_was_tampered_with_halts_the_ledger_with_evidence_I14()
    {
        Jp.Log.Expect(Halted);
        var record = await Uk.PublishAsync(Drafts.Flaw("true words"));
        await WaitForEntriesAsync(1);
        var file = await ExportAsync("--first");
        var bytes = Read(file);
        var at = bytes.AsSpan().IndexOf("true words"u8);
        "last words"u8.CopyTo(bytes.AsSpan(at));
        Write(file, bytes);

        await AssertRefusedAsync(file, "LEDGER_FORKED", "evidence is kept");

        Assert.Null(await Jp.FindAsync("uk", record));
        var inbound = await Jp.InboundAsync("uk");
        Assert.Equal((InboundState.Halted, 0UL), (inbound.State, inbound.Applied));
        Assert.NotEmpty(await Jp.EvidenceAsync("uk"));
    }

    [Fact]
    public async Task A_caller_that_goes_away_amid_an_import_leaves_what_was_applied_and_is_no_fault_of_the_node()
    {
        await Uk.PublishAsync(Drafts.Flaw("one"));
        await WaitForEntriesAsync(1);
        var file = await ExportAsync("--first");
        using (var call = Jp.Operator.ImportStretch(cancellationToken: Now))
        {
            await using var stream = File.OpenRead(file);
            while (stream.Position < stream.Length)
                await call.RequestStream.WriteAsync(new ImportStretchRequest { Piece = LedgerExport.Parser.ParseDelimitedFrom(stream) }, Now);
            await Jp.WaitForInboundAsync("uk", l => l.Applied == 1);
        }

        await Patience.UntilAsync(() => Task.FromResult(Jp.Log.Lines.Any(l => l.Text.Contains("ImportStretch", StringComparison.Ordinal))), () => "the end of the call");
        Assert.Empty(Jp.Log.UnexpectedErrors);
        Assert.Empty(await Jp.EvidenceAsync("uk"));
        await AssertRefusedAsync(file, "LEDGER_NOT_READY", "it was imported before");
    }

    [Fact]
    public async Task What_a_policy_forbids_by_now_is_in_no_file_I4()
    {
        const string secret = "canary-behind-the-gap";
        await Uk.PublishAsync(Drafts.Flaw(secret, secret));
        var practice = await Uk.PublishAsync(Drafts.Practice("shared"));
        await WaitForEntriesAsync(2);
        await Uk.ApplyPolicyAsync("jp", TestPolicies.PracticesOnly);

        // The latest entry of a record is never left out as a bare hash: the export waits until the withdrawal is appended.
        var file = await ExportAsync("--first");

        Assert.Equal(-1, Read(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)));
        await ImportAsync(file);
        Assert.NotNull(await Jp.FindAsync("uk", practice));
        Assert.Single(await Jp.ListAllAsync());
    }

    [Fact]
    public async Task After_a_start_nothing_is_signed_before_a_contact_file_shows_what_the_follower_holds_R1_I3()
    {
        Uk.Log.Expect(Forked);
        await Uk.PublishAsync(Drafts.Flaw("one"));
        await TransferAsync(1, "--first");
        await Uk.StopAsync();
        Uk.SaveDatabase();
        await Uk.StartAsync();

        await AssertNotExportedAsync("HELLO_REQUIRED", "--from", "1");
        await AssertNotExportedAsync("HELLO_REQUIRED", "--first");
        await Uk.PublishAsync(Drafts.Flaw("two"));
        var contact = await TransferAsync(2, "--contact", place.Inside("0.contact"));

        // The originator's store is put back to before the second file: the follower is ahead.
        await Uk.StopAsync();
        Uk.RestoreDatabase();
        await Uk.StartAsync();
        await Uk.PublishAsync(Drafts.Flaw("another second"));
        await AssertNotExportedAsync("LEDGER_FORKED", "--contact", contact);
        await AssertNotExportedAsync("LEDGER_FORKED", "--contact", place.Inside("0.contact"));
        // Behind an air gap nobody gives the end back: it stays so until the ledger begins anew.
        Assert.Equal(OutboundState.Recovering, (await Uk.OutboundAsync("jp")).State);
    }

    [Fact]
    public async Task A_contact_file_is_taken_only_if_the_partner_signed_it_for_one_state_of_this_ledger()
    {
        await Uk.PublishAsync(Drafts.Flaw("one"));
        await WaitForEntriesAsync(1);
        await ImportAsync(await ExportAsync("--first"));
        var contact = ContactFile.Read(place.Inside("0.contact"));

        var unsigned = contact.Clone();
        unsigned.Receipt.Signature = ByteString.CopyFrom([.. contact.Receipt.Signature.ToByteArray()[..^1], 0]);
        await Refusals.Assert("SIGNATURE_INVALID", () => TakeAsync(unsigned));
        var headless = contact.Clone();
        headless.LastHead = null;
        await Refusals.Assert("RECEIPT_INVALID", () => TakeAsync(headless));
        var bare = contact.Clone();
        bare.Receipt = null;
        await Refusals.Assert("RECEIPT_INVALID", () => TakeAsync(bare));
        var foreign = contact.Clone();
        foreign.Origin = "sg";
        await Refusals.Assert("FIELD_INVALID", () => TakeAsync(foreign));
        Assert.Equal(0UL, (await Uk.OutboundAsync("jp")).Receipted);
        await TakeAsync(contact);
        Assert.Equal(1UL, (await Uk.OutboundAsync("jp")).Receipted);
    }

    [Fact]
    public async Task A_reset_travels_as_a_file_too_R24()
    {
        Jp.Log.Expect(Halted);
        var record = await Uk.PublishAsync(Drafts.Flaw("one"));
        await TransferAsync(1, "--first");
        string[] reset = ["--dir", Uk.Location, "ledger", "reset", "jp", "--reason", "a test", "--root-key", Path.Combine(Uk.Location, "keys", "root.key"), "--yes"];
        Assert.Equal(ExitCode.Ok, (await ToolRun.Of(reset)).ExitCode);

        await AssertRefusedAsync(await ExportAsync("--contact", place.Inside("0.contact")), "LEDGER_FORKED", "LEDGER_RESET");
        Assert.NotNull(await Jp.FindAsync("uk", record));
        Assert.Equal(ExitCode.Ok, (await ToolRun.Of("--dir", Jp.Location, "partner", "accept-reset", "uk", "--yes")).ExitCode);
        await WaitForEntriesAsync(1);
        await TransferAsync(1, "--first");

        Assert.Equal((2u, 1UL), ((await Jp.InboundAsync("uk")).Incarnation, (await Jp.InboundAsync("uk")).Applied));
        Assert.NotNull(await Jp.FindAsync("uk", record));
        await RestingNodes.CheckAsync(Uk, Jp, Now);
    }

    [Fact]
    public async Task A_ledger_that_is_followed_over_the_network_takes_no_file()
    {
        await using var connected = await TestFederation.StartPairAsync("sg", "kr", TestPolicies.Everything);
        await connected.SettleAsync("sg", "kr");
        var target = place.Inside("live.stretch");

        var export = await ToolRun.Of("--dir", connected["sg"].Location, "ledger", "export", "kr", "--from", "0", "--out", target);
        Assert.Equal(ExitCode.Refused, export.ExitCode);
        Assert.Contains("over the network", export.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(target));
        var header = new LedgerExportHeader { Origin = "sg", Follower = "kr", LedgerId = (await connected["kr"].InboundAsync("sg")).LedgerId, Incarnation = 1 };
        using (var stream = File.Create(target))
            new LedgerExport { Header = header }.WriteDelimitedTo(stream);
        var import = await ToolRun.Of("--dir", connected["kr"].Location, "ledger", "import", target, "--receipt", place.Inside("live.contact"));
        Assert.Equal(ExitCode.Refused, import.ExitCode);
        Assert.Contains("over the network", import.Error, StringComparison.Ordinal);
    }

    private Task<ImportContactResponse> TakeAsync(LedgerContact contact) =>
        Uk.Operator.ImportContactAsync(new ImportContactRequest { Contact = contact }, cancellationToken: Now).ResponseAsync;

    // Out, over, and the receipt back; answers the contact file.
    private async Task<string> TransferAsync(ulong entries, params string[] how)
    {
        await WaitForEntriesAsync(entries);
        var contact = await ImportAsync(await ExportAsync(how));
        var back = await ToolRun.Of("--dir", Uk.Location, "ledger", "receipt", "import", contact);
        Assert.Equal((ExitCode.Ok, ""), (back.ExitCode, back.Error));
        return contact;
    }

    private Task<OutboundLedger> WaitForEntriesAsync(ulong entries) => Uk.WaitForOutboundAsync("jp", l => l.Appended == entries);

    private async Task<string> ExportAsync(params string[] how)
    {
        var file = place.Inside($"{++files}.stretch");
        var run = await ToolRun.Of(["--dir", Uk.Location, "ledger", "export", "jp", "--out", file, .. how]);
        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        return file;
    }

    private async Task AssertNotExportedAsync(string reason, params string[] how)
    {
        var file = place.Inside("refused.stretch");
        var run = await ToolRun.Of(["--dir", Uk.Location, "--output", "json", "ledger", "export", "jp", "--out", file, .. how]);
        Assert.Equal(ExitCode.Refused, run.ExitCode);
        Assert.Contains(reason, run.Error + run.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    private async Task<string> ImportAsync(string file)
    {
        var contact = place.Inside(File.Exists(place.Inside("0.contact")) ? $"{files}.contact" : "0.contact");
        var run = await ToolRun.Of("--dir", Jp.Location, "ledger", "import", file, "--receipt", contact);
        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        return contact;
    }

    private async Task AssertRefusedAsync(string file, string reason, string words)
    {
        var run = await ToolRun.Of("--dir", Jp.Location, "--output", "json", "ledger", "import", file, "--receipt", place.Inside("refused.contact"));
        Assert.Equal(ExitCode.Refused, run.ExitCode);
        Assert.Contains(reason, run.Error + run.Output, StringComparison.Ordinal);
        Assert.Contains(words, run.Error + run.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(place.Inside("refused.contact")));
    }

    private static byte[] Read(string file) => File.ReadAllBytes(file);

    private static void Write(string file, byte[] bytes) => File.WriteAllBytes(file, bytes);

    private static PartnerCard Unreachable(PartnerCard card)
    {
        card.Addresses.Clear();
        card.Addresses.Add("127.0.0.1:1");
        return card;
    }
}
