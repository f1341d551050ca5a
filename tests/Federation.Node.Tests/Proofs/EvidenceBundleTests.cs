using System.Text.Json;
using Federation.Cli;
using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Proofs;

public sealed class EvidenceBundleTests : IAsyncLifetime
{
    private BundleStage stage = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => stage = await BundleStage.StartAsync();

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public async Task A_bundle_says_in_words_what_was_disclosed_received_and_taken_back_R12()
    {
        var file = await stage.ExportAsync(stage.Uk, "jp", "--record", stage.Withdrawn);

        var run = await stage.VerifyAsync(file);

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        Assert.Contains("3 of the 8 entries by which uk disclosed to jp", run.Output, StringComparison.Ordinal);
        Assert.Matches($@"entry \d: uk disclosed record {stage.Withdrawn} to jp, as revision 1; its content is not in the file", run.Output);
        Assert.Contains($": uk withdrew record {stage.Withdrawn} from jp.", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"jp confirmed at \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ that it held the first \d+ entries, with this one, durably\.", run.Output);
        Assert.Matches(@"jp confirmed at .* that it had carried out the first \d+ entries, with this one: the content is gone there\.", run.Output);
        Assert.Contains("uk says: decided at", run.Output, StringComparison.Ordinal);
        Assert.Contains("by the policy of epoch 1, rule 'green'.", run.Output, StringComparison.Ordinal);
        Assert.Contains("they are uk's word, under its seal, and no head authenticates them", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("never sent", run.Output.Split("It does not prove")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_of_a_partner_has_every_entry_that_was_sent_and_content_where_it_is_still_held()
    {
        var file = await stage.ExportAsync(stage.Uk, "jp");

        using var json = JsonDocument.Parse((await stage.VerifyAsync(file, "--output", "json")).Output);

        var entries = json.RootElement.GetProperty("listed").EnumerateArray().ToList();
        Assert.Equal(6, entries.Count);
        Assert.Equal([.. Enumerable.Range(0, 6)], entries.Select(e => e.GetProperty("seq").GetInt32()));
        Assert.DoesNotContain(entries, e => e.GetProperty("record").GetString() == stage.NeverSent);
        var shown = Assert.Single(entries, e => e.TryGetProperty("parts", out _));
        Assert.Equal((stage.Kept, 3), (shown.GetProperty("record").GetString(), shown.GetProperty("parts").GetInt32()));
        Assert.All(entries, e => Assert.True(e.GetProperty("receipt").GetProperty("entries").GetInt32() > e.GetProperty("seq").GetInt32()));
        // The newest receipt is for more than the entries shown.
        Assert.Equal(8, json.RootElement.GetProperty("newestReceipt").GetProperty("entries").GetInt32());
        Assert.Equal("uk", json.RootElement.GetProperty("exporter").GetString());
        Assert.Equal([1], json.RootElement.GetProperty("policies").EnumerateArray().Select(p => p.GetInt32()));
    }

    [Fact]
    public async Task Each_entry_comes_with_the_earliest_receipt_that_covers_it_R12()
    {
        var file = await stage.ExportAsync(stage.Uk, "jp");

        using var json = JsonDocument.Parse((await stage.VerifyAsync(file, "--output", "json")).Output);

        var covered = json.RootElement.GetProperty("listed").EnumerateArray().Select(e => e.GetProperty("receipt").GetProperty("entries").GetUInt64()).ToList();
        using var database = stage.Uk.OpenDatabase();
        using var rows = database.Use("SELECT size FROM receipt ORDER BY size");
        var receipts = new List<ulong>();
        while (rows.Step())
            receipts.Add(rows.UInt64(0));
        Assert.Equal(Enumerable.Range(0, 6).Select(seq => receipts.First(size => size > (ulong)seq)), covered);
    }

    [Fact]
    public async Task A_span_of_time_takes_the_entries_decided_within_it()
    {
        var history = await stage.Uk.Operator.ListDisclosuresAsync(new ListDisclosuresRequest { Partner = "jp" }, cancellationToken: Token);
        var (from, to) = (history.Entries[3].DecidedAt.ToDateTimeOffset(), history.Entries[4].DecidedAt.ToDateTimeOffset());
        Assert.True(from < to);

        var file = await stage.ExportAsync(stage.Uk, "jp", "--from", from.ToString("O"), "--to", to.ToString("O"));
        using var json = JsonDocument.Parse((await stage.VerifyAsync(file, "--output", "json")).Output);

        Assert.Equal([3], json.RootElement.GetProperty("listed").EnumerateArray().Select(e => e.GetProperty("seq").GetInt32()));
    }

    [Fact]
    public async Task A_follower_proves_to_others_what_was_disclosed_to_it_R12()
    {
        var file = await stage.ExportAsync(stage.Jp, "uk", "--inbound");

        var run = await stage.VerifyAsync(file, "--output", "json");

        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(("uk", "jp", "jp"), (Text(json, "origin"), Text(json, "follower"), Text(json, "exporter")));
        var kept = Assert.Single(json.RootElement.GetProperty("listed").EnumerateArray(), e => e.TryGetProperty("parts", out _));
        Assert.Equal((stage.Kept, 3), (kept.GetProperty("record").GetString(), kept.GetProperty("parts").GetInt32()));
        Assert.False(kept.TryGetProperty("decision", out _));
        Assert.Equal(8, json.RootElement.GetProperty("size").GetInt32());
    }

    [Fact]
    public async Task A_follower_s_bundle_of_one_record_has_its_entries_alone()
    {
        var file = await stage.ExportAsync(stage.Jp, "uk", "--inbound", "--record", stage.Withdrawn);

        using var json = JsonDocument.Parse((await stage.VerifyAsync(file, "--output", "json")).Output);

        var entries = json.RootElement.GetProperty("listed").EnumerateArray().ToList();
        Assert.Equal("withdraw", entries[^1].GetProperty("operation").GetString());
        Assert.All(entries, e => Assert.Equal(stage.Withdrawn, e.GetProperty("record").GetString()));
    }

    [Fact]
    public async Task Another_root_than_the_named_one_ends_with_4()
    {
        var file = await stage.ExportAsync(stage.Uk, "jp");

        var run = await ToolRunOf(file, "--root", stage.FollowerRoot.ToString());
        var wrongFollower = await ToolRunOf(file, "--root", stage.OriginRoot.ToString(), "--follower-root", stage.OriginRoot.ToString());

        Assert.Equal((ExitCode.VerificationFailed, ExitCode.VerificationFailed), (run.ExitCode, wrongFollower.ExitCode));
        Assert.Contains("manifests of uk", run.Error, StringComparison.Ordinal);
        Assert.Contains("manifests of jp", wrongFollower.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_can_not_be_had_is_refused_and_leaves_no_file()
    {
        var file = stage.Directory.Inside("none");
        async Task<string> ErrorAsync(TestNode node, params string[] arguments)
        {
            var run = await BundleStage.RunAsync(node, ["evidence", "export", .. arguments, "-o", file]);
            Assert.Equal(ExitCode.Refused, run.ExitCode);
            Assert.False(File.Exists(file) || File.Exists(file + ".partial"));
            return run.Error;
        }

        Assert.Contains("PARTNER_NOT_FOUND", await ErrorAsync(stage.Uk, "sg"), StringComparison.Ordinal);
        Assert.Contains("RECORD_NOT_FOUND", await ErrorAsync(stage.Uk, "jp", "--record", "no-record"), StringComparison.Ordinal);
        Assert.Contains("RECORD_NOT_FOUND", await ErrorAsync(stage.Uk, "jp", "--record", Guid.Empty.ToString()), StringComparison.Ordinal);
        Assert.Contains("RECORD_NOT_FOUND", await ErrorAsync(stage.Jp, "uk", "--inbound", "--record", Guid.Empty.ToString()), StringComparison.Ordinal);
        Assert.Contains("FIELD_INVALID", await ErrorAsync(stage.Jp, "uk", "--inbound", "--from", "2026-01-01"), StringComparison.Ordinal);
        Assert.Contains("FIELD_INVALID", await ErrorAsync(stage.Uk, "jp", "--from", "2026-01-02", "--to", "2026-01-01"), StringComparison.Ordinal);
        Assert.Contains("LEDGER_NOT_FOUND", await ErrorAsync(stage.Jp, "uk"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_signed_before_the_partner_has_been_in_contact()
    {
        await stage.Jp.StopAsync();
        await stage.Uk.StopAsync();
        await stage.Uk.StartAsync();

        var export = await BundleStage.RunAsync(stage.Uk, "evidence", "export", "jp", "-o", stage.Directory.Inside("none"));
        var checkpoint = await BundleStage.RunAsync(stage.Uk, "ledger", "checkpoint", "jp");

        Assert.Contains("HELLO_REQUIRED", export.Error, StringComparison.Ordinal);
        Assert.Contains("HELLO_REQUIRED", checkpoint.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_is_handed_to_an_auditor_as_a_signed_checkpoint_R5()
    {
        var run = await BundleStage.RunAsync(stage.Uk, "ledger", "checkpoint", "jp", "--output", "json");
        var plain = await BundleStage.RunAsync(stage.Uk, "ledger", "checkpoint", "jp");

        using var json = JsonDocument.Parse(run.Output);
        var (note, key) = (Text(json, "note"), Text(json, "verifierKey").Split('+', 3));
        Assert.True(
            SignedNote.TryVerify(note, key[0], Convert.FromBase64String(key[2]).AsMemory(1), SignatureScheme.Ecdsa, out var text, out var error), error);
        Assert.True(Checkpoint.TryParse(text, out var checkpoint, out error), error);
        var ledger = await stage.Uk.OutboundAsync("jp");
        Assert.Equal($"federation.example/uk/{Convert.ToHexStringLower(ledger.LedgerId.Span)}/1", checkpoint.Origin);
        Assert.Equal(checkpoint.Origin, key[0]);
        Assert.Equal(8UL, checkpoint.Size);
        var evidence = FirstVerifier.Verify(await File.ReadAllBytesAsync(await stage.ExportAsync(stage.Uk, "jp"), Token), stage.OriginRoot, null);
        Assert.Equal(evidence.TreeRoot, checkpoint.Root.ToString());
        Assert.StartsWith($"{checkpoint.Origin}\n8\n", plain.Output, StringComparison.Ordinal);
    }

    private static string Text(JsonDocument json, string name) => json.RootElement.GetProperty(name).GetString()!;

    private static Task<Cli.ToolRun> ToolRunOf(string file, params string[] options) => Cli.ToolRun.Of(["verify", file, .. options]);
}
