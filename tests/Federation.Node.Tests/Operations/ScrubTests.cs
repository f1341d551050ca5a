using Federation.Node.Storage.Sqlite;
using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Google.Protobuf;
using Xunit;

namespace Federation.Node.Tests.Operations;

/// <summary>R23: bits that flipped in the file of a stopped node are found by the scrub, each is named, and nothing wrong is signed.</summary>
public sealed class ScrubTests : IAsyncLifetime
{
    private const int Found = 20;
    private const int Damaged = 2006;
    private const int Halted = 3012;
    private const int Records = 300;
    private const int Superseded = 5;

    private TestFederation federation = null!;
    private List<string> records = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private TestNode Uk => federation["uk"];

    private TestNode Jp => federation["jp"];

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartAsync("uk", "jp");
        for (var i = 0; i < Records; i++)
            await Uk.PublishAsync(Drafts.Practice($"practice {i}"));
        await federation.LetFollowAsync("uk", "jp", TestPolicies.Everything);
        await Uk.WaitForOutboundAsync("jp", l => l.Appended == Records);
        records = [.. (await Uk.Operator.ListDisclosuresAsync(new ListDisclosuresRequest { Partner = "jp", PageSize = Records }, cancellationToken: Now)).Entries.Select(e => e.RecordId)];
        await Uk.ReviseAsync(records[Superseded], 1, Drafts.Practice("revised"));
        await federation.SettleAsync("uk", "jp");
    }

    public ValueTask DisposeAsync() => federation.DisposeAsync();

    [Fact]
    public async Task A_scrub_of_whole_nodes_finds_nothing_and_says_how_far_it_came()
    {
        foreach (var node in federation.Nodes)
        {
            var items = await ScrubAsync(node);

            Assert.Equal(node == Uk ? ["the ledger for jp", "the content of records"] : ["the ledger of uk", "the content of records"], items.Select(i => i.Name));
            Assert.All(items, item => Assert.True(item.Findings.Count == 0, string.Join('\n', item.Findings)));
            Assert.All(items, item => Assert.Equal((item.Total, true), (item.Checked, item.DoneAt is not null)));
            Assert.Empty(await node.EvidenceAsync(""));
        }

        // What was checked is known after a restart too.
        await Jp.StopAsync();
        await Jp.StartAsync();
        Assert.All((await Jp.Operator.GetScrubAsync(new GetScrubRequest(), cancellationToken: Now)).Items, item => Assert.NotNull(item.DoneAt));
    }

    [Fact]
    public async Task R23_a_bit_that_flips_in_an_own_ledger_or_tile_or_body_is_found_and_named()
    {
        var (row, tile, body) = (
            ReadHash(Uk, $"SELECT stmt_hash FROM ledger WHERE seq = {Superseded}"),
            ReadHash(Uk, "SELECT substr(hashes, 1 + 100 * 32, 32) FROM tile WHERE level = 0 AND idx = 0"),
            ReadHash(Uk, $"SELECT substr(bytes, 20, 32) FROM body b JOIN record r ON r.rec = b.rec WHERE hex(r.rid) = '{Hex(records[200])}'"));
        // Alone, so that nothing but the scrub looks at what is stored.
        await Jp.StopAsync();
        await Uk.StopAsync();
        Uk.FlipBit(row);
        Uk.FlipBit(tile);
        Uk.FlipBit(body);
        Uk.Log.Expect(Found, Damaged);
        await Uk.StartAsync();

        var items = await ScrubAsync(Uk);

        var ledger = items.Single(i => i.Name == "the ledger for jp");
        Assert.Contains($"entry {Superseded} and its hash in tile 0/0 do not match", ledger.Findings);
        Assert.Contains("entry 100 and its hash in tile 0/0 do not match", ledger.Findings);
        Assert.Contains("tile 0/0 and its root in tile 1/0 do not match", ledger.Findings);
        var finding = Assert.Single(items.Single(i => i.Name == "the content of records").Findings);
        Assert.StartsWith($"uk/{records[200]} can't be opened", finding, StringComparison.Ordinal);
        await VerifyNothingIsSignedAsync();
        // The next pass finds the same, and keeps no second copy of it.
        var kept = (await Uk.EvidenceAsync("")).Select(e => e.Number).ToList();
        await ScrubAsync(Uk);
        Assert.Equal(kept, (await Uk.EvidenceAsync("")).Select(e => e.Number).Take(kept.Count));
    }

    [Fact]
    public async Task R23_a_bit_that_flips_in_a_followed_ledger_is_found_and_stops_it()
    {
        var leaf = ReadHash(Jp, $"SELECT substr(leaf, 47, 32) FROM in_entry WHERE seq = {Superseded + 2}");
        await Uk.StopAsync();
        await Jp.StopAsync();
        Jp.FlipBit(leaf);
        Jp.Log.Expect(Found);
        await Jp.StartAsync();

        var items = await ScrubAsync(Jp);

        var finding = Assert.Single(items.Single(i => i.Name == "the ledger of uk").Findings);
        Assert.Contains("entries give root", finding, StringComparison.Ordinal);
        Assert.Equal(InboundState.Halted, (await Jp.InboundAsync("uk")).State);
        Assert.Equal("SCRUB_FOLLOWED", Assert.Single(await Jp.EvidenceAsync("uk")).Fault);
        // No receipt is signed over what is not there.
        var receipted = (await Jp.InboundAsync("uk")).Receipted;
        await Uk.StartAsync();
        await Uk.PublishAsync(Drafts.Practice("after the flip"));
        await Uk.WaitForOutboundAsync("jp", l => l.Appended > receipted);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, Now);
        Assert.Equal(receipted, (await Jp.InboundAsync("uk")).Receipted);
    }

    [Fact]
    public async Task R23_a_bit_that_flips_in_a_received_body_is_found_and_named()
    {
        var body = ReadHash(Jp, $"SELECT substr(bytes, 20, 32) FROM body b JOIN record r ON r.rec = b.rec WHERE hex(r.rid) = '{Hex(records[60])}'");
        await Uk.StopAsync();
        await Jp.StopAsync();
        Jp.FlipBit(body);
        Jp.Log.Expect(Found);
        await Jp.StartAsync();

        var items = await ScrubAsync(Jp);

        Assert.Empty(items.Single(i => i.Name == "the ledger of uk").Findings);
        var finding = Assert.Single(items.Single(i => i.Name == "the content of records").Findings);
        Assert.StartsWith($"uk/{records[60]} can't be opened", finding, StringComparison.Ordinal);
        Assert.Equal("SCRUB_RECORD", Assert.Single(await Jp.EvidenceAsync("")).Fault);
    }

    [Fact]
    public async Task A_scrub_finds_nothing_wrong_with_what_an_ended_incarnation_left()
    {
        Jp.Log.Expect(Halted);
        await BeginAnewAsync();
        await Jp.WaitForStateAsync("uk", InboundState.Halted);
        await Uk.StopAsync();
        await Jp.Operator.AcceptLedgerResetAsync(new AcceptLedgerResetRequest { Partner = "uk", Incarnation = 2 }, cancellationToken: Now);

        var items = await ScrubAsync(Jp);

        Assert.All(items, item => Assert.True(item.Findings.Count == 0, string.Join('\n', item.Findings)));
        Assert.Equal("LEDGER_RESET", Assert.Single(await Jp.EvidenceAsync("")).Fault);
        await Uk.StartAsync();
        await federation.SettleAsync("uk", "jp");
        Assert.All(await ScrubAsync(Jp), item => Assert.True(item.Findings.Count == 0, string.Join('\n', item.Findings)));
    }

    private async Task BeginAnewAsync()
    {
        var draft = await Uk.Operator.ResetLedgerAsync(new ResetLedgerRequest { Partner = "jp", Reason = "why not" }, cancellationToken: Now);
        using var root = SigningKey.FromKey(Uk.Key("root"));
        var signature = root.Sign(LedgerReset.PaeType, draft.Payload.Span);
        var signed = new SignedBytes { Payload = draft.Payload, Signature = ByteString.CopyFrom(signature) };
        await Uk.Operator.ResetLedgerAsync(new ResetLedgerRequest { Partner = "jp", Reset = signed }, cancellationToken: Now);
    }

    private async Task VerifyNothingIsSignedAsync()
    {
        Assert.Equal(OutboundState.Damaged, (await Uk.OutboundAsync("jp")).State);
        Assert.Equal("SCRUB_LEDGER", (await Uk.EvidenceAsync("jp"))[0].Fault);
        await Jp.StartAsync();
        var head = (await Jp.InboundAsync("uk")).HeadAt;
        await Uk.PublishAsync(Drafts.Practice("after the flip"));
        await Jp.WaitForStateAsync("uk", InboundState.Disconnected);
        Assert.Equal(head, (await Jp.InboundAsync("uk")).HeadAt);
        await Jp.WaitForInboundAsync("uk", l => l.LastFault.Contains("the ledger is stopped", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<ScrubbedItem>> ScrubAsync(TestNode node)
    {
        var before = await node.Operator.GetScrubAsync(new GetScrubRequest(), cancellationToken: Now);
        var earlier = before.Items.Select(i => i.DoneAt?.ToDateTimeOffset() ?? default).DefaultIfEmpty().Max();
        await node.Operator.StartScrubAsync(new StartScrubRequest(), cancellationToken: Now);
        var state = new GetScrubResponse();
        await Patience.UntilAsync(
            async () => !(state = await node.Operator.GetScrubAsync(new GetScrubRequest(), cancellationToken: Now)).Running && state.Items.Count > 0
                && state.Items.All(i => i.DoneAt?.ToDateTimeOffset() > earlier),
            () => $"a whole scrub; {state}");
        return state.Items;
    }

    private static string Hex(string record) => record.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    private static byte[] ReadHash(TestNode node, string sql)
    {
        using var session = SqliteSession.Open(node.DatabasePath, 1024);
        using var row = session.UseOnce(sql);
        Assert.True(row.Step());
        return row.Blob(0);
    }
}
