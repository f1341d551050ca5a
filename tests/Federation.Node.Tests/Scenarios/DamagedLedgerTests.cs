using Federation.Node.Storage;
using Federation.Node.Tests.Infrastructure;
using Federation.Node.Tests.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Scenarios;

/// <summary>R23 on real nodes: a bit that flips between judging, hashing and storing is signed nowhere; that ledger stops and the others go on.</summary>
public sealed class DamagedLedgerTests
{
    private const int Damaged = 2006;
    private const int LongLedger = 300;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Flips => ["the stored entry", "the stored range"];

    [Theory]
    [MemberData(nameof(Flips))]
    public async Task R23_a_flipped_bit_is_not_signed_and_stops_its_ledger_alone(string flipped)
    {
        await using var federation = await TestFederation.StartAsync("uk", "jp", "sg");
        var (uk, jp) = (federation["uk"], federation["jp"]);
        FaultyNodeStore? store = null;
        await uk.StopAsync();
        uk.Wrap = inner => store = new FaultyNodeStore(inner);
        await uk.StartAsync();
        await federation.LetFollowAsync("uk", "jp", TestPolicies.Everything);
        await federation.LetFollowAsync("uk", "sg", TestPolicies.Everything);
        var whole = await uk.PublishAsync(Drafts.Flaw("before"));
        await jp.WaitForRecordAsync("uk", whole);
        await federation.SettleAsync("uk", "sg");
        var signed = await jp.InboundAsync("uk");

        uk.Log.Expect(Damaged);
        var ledger = (await store!.ReadNodeAsync(Token)).Partners.Single(p => p.Institute.ToString() == "jp").Number;
        store.BeforeAppend = batch =>
        {
            // Once: what the guard holds for it is disclosed again, in a further entry.
            if (batch.Appends.FirstOrDefault(a => a.Partner == ledger && a.Entries.Count > 0) is { } append)
            {
                Flip(append, flipped);
                store.BeforeAppend = null;
            }

            return Task.CompletedTask;
        };
        var lost = await uk.PublishAsync(Drafts.Flaw("with a flipped bit"));

        Assert.Equal(OutboundState.Damaged, (await uk.WaitForOutboundAsync("jp", l => l.State == OutboundState.Damaged)).State);
        var evidence = Assert.Single(await uk.EvidenceAsync("jp"));
        Assert.Equal("SECOND_PATH", evidence.Fault);
        Assert.Contains("root", evidence.TypedObjects[0].Content.ToStringUtf8(), StringComparison.Ordinal);
        await federation["sg"].WaitForRecordAsync("uk", lost);
        await federation.SettleAsync("uk", "sg");
        await jp.WaitForStateAsync("uk", InboundState.Disconnected);
        Assert.Null(await jp.FindAsync("uk", lost));
        Assert.Equal(signed.Applied, (await jp.InboundAsync("uk")).Applied);
        Assert.Equal(OutboundState.Damaged, (await uk.OutboundAsync("jp")).State);
    }

    [Theory]
    [InlineData("UPDATE tile SET hashes = substr(hashes, 1, 16)")]
    [InlineData("UPDATE tile SET hashes = zeroblob(length(hashes))")]
    [InlineData("DELETE FROM tile")]
    public async Task R23_a_tile_that_is_not_whole_at_the_start_stops_its_ledger_alone_and_an_operator_may_begin_it_anew(string damage)
    {
        await using var federation = await StartLongAsync();
        var (uk, sg) = (federation["uk"], federation["sg"]);
        await uk.StopAsync();
        Damage(uk, damage);
        uk.Log.Expect(Damaged);
        await uk.StartAsync();

        var found = await uk.PublishAsync(Drafts.Flaw("after the damage"));

        await uk.WaitForOutboundAsync("jp", l => l.State == OutboundState.Damaged);
        Assert.Contains("tile 1/0", Assert.Single(await uk.EvidenceAsync("jp")).Detail, StringComparison.Ordinal);
        await sg.WaitForRecordAsync("uk", found);
        await federation.SettleAsync("uk", "sg");
        Assert.Null(await federation["jp"].FindAsync("uk", found));
        var draft = await uk.Operator.ResetLedgerAsync(new ResetLedgerRequest { Partner = "jp", Reason = "a tile is gone" }, cancellationToken: Token);
        Assert.True(LedgerReset.TryDecode(draft.Payload.Span, out var reset, out var error), error);
        Assert.Equal((1u, 0UL, Digest.Zero, 2u), (reset.OldIncarnation, reset.OldSize, reset.OldRoot, reset.NewIncarnation));
    }

    [Fact]
    public async Task R23_a_tile_that_is_found_cut_at_contact_stops_its_ledger_alone()
    {
        await using var federation = await StartLongAsync();
        var (uk, jp) = (federation["uk"], federation["jp"]);
        await jp.StopAsync();
        uk.Log.Expect(Damaged);
        Damage(uk, "UPDATE tile SET hashes = substr(hashes, 1, 16)");

        await jp.StartAsync();

        await uk.WaitForOutboundAsync("jp", l => l.State == OutboundState.Damaged);
        await jp.WaitForInboundAsync("uk", l => l.LastFault.Contains("the ledger is stopped", StringComparison.Ordinal));
        await federation["sg"].WaitForRecordAsync("uk", await uk.PublishAsync(Drafts.Flaw("after the damage")));
        await federation.SettleAsync("uk", "sg");
    }

    [Theory]
    [InlineData("a proof", 1)]
    [InlineData("a tile", 1)]
    [InlineData("entries", 1)]
    [InlineData("a receipt", 1)]
    [InlineData("a stream from the end", 1)]
    [InlineData("a stream over what was superseded", 0)]
    public async Task R23_a_tile_that_is_found_cut_by_a_call_after_contact_stops_its_ledger_alone(string wanted, int level)
    {
        await using var federation = await StartLongAsync();
        var (uk, jp) = (federation["uk"], federation["jp"]);
        var practices = (await uk.ListAllAsync()).Values.Where(r => r.Kind == RecordKind.Practice).Take(20);
        await Task.WhenAll(practices.Select(r => uk.ReviseAsync(r.RecordId, r.Revision, Drafts.Practice("revised"))));
        await federation.SettleAsync("uk", "jp");
        await jp.StopAsync();
        var ledger = await uk.OutboundAsync("jp");
        uk.Log.Expect(Damaged);
        Damage(uk, "UPDATE tile SET hashes = substr(hashes, 1, 16)", level);

        using var channel = jp.ChannelTo(uk);
        await Refusals.Assert("LEDGER_FORKED", () => CallAsync(channel.Exchange, jp, ledger, wanted));

        Assert.Equal(OutboundState.Damaged, (await uk.OutboundAsync("jp")).State);
        Assert.Equal("LEDGER_UNREADABLE", Assert.Single(await uk.EvidenceAsync("jp")).Fault);
        await federation["sg"].WaitForRecordAsync("uk", await uk.PublishAsync(Drafts.Flaw("after the damage")));
        await federation.SettleAsync("uk", "sg");
    }

    [Fact]
    public async Task R23_an_operator_lets_a_ledger_go_on_whose_store_is_whole()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Everything);
        var (uk, jp) = (federation["uk"], federation["jp"]);
        var (erased, narrowed) = (await uk.PublishAsync(Drafts.Flaw("erased")), await uk.PublishAsync(Drafts.Flaw("narrowed")));
        await federation.SettleAsync("uk", "jp");
        uk.Log.Expect(Damaged);
        byte[] range;
        await uk.StopAsync();
        using (var session = uk.OpenDatabase())
        {
            range = Read(session);
            session.Run("UPDATE ledger_head SET range = zeroblob(length(range))");
        }

        await uk.StartAsync();
        await uk.WaitForOutboundAsync("jp", l => l.State == OutboundState.Damaged);
        await uk.StopAsync();
        using (var session = uk.OpenDatabase())
            session.Use("UPDATE ledger_head SET range = ?1").Bind(1, range).Execute();
        await uk.StartAsync();
        Assert.Equal(OutboundState.Damaged, (await uk.OutboundAsync("jp")).State);

        // Nothing of it is lost that happens meanwhile.
        await uk.EraseAsync(erased, 1);
        var red = Drafts.Flaw("narrowed", marking: Marking.Red);
        red.Audience.Add("fr");
        await uk.ReviseAsync(narrowed, 1, red);
        var published = await uk.PublishAsync(Drafts.Flaw("published"));
        // By then it was judged, for nobody.
        await Task.Delay(TimeSpan.FromSeconds(1), Token);

        await uk.ResumeAsync("jp");

        await jp.WaitForRecordAsync("uk", published);
        await jp.WaitForAbsenceAsync("uk", erased);
        await jp.WaitForAbsenceAsync("uk", narrowed);
        await federation.SettleAsync("uk", "jp");
        Assert.Equal(OutboundState.Active, (await uk.OutboundAsync("jp")).State);
        Assert.Equal(InboundState.Tailing, (await jp.InboundAsync("uk")).State);

        static byte[] Read(Node.Storage.Sqlite.SqliteSession session)
        {
            using var row = session.Use("SELECT range FROM ledger_head");
            row.Step();
            return row.Blob(0);
        }
    }

    private static async Task CallAsync(ExchangeService.ExchangeServiceClient client, TestNode jp, OutboundLedger ledger, string wanted)
    {
        var (id, size) = (ledger.LedgerId, ledger.Signed);
        switch (wanted)
        {
            case "a proof":
                var consistency = new ConsistencyQuery { OldSize = LongLedger, NewSize = size };
                await client.GetProofAsync(new GetProofRequest { LedgerId = id, Consistency = consistency }, cancellationToken: Token);
                break;
            case "a tile":
                await client.GetTileAsync(new GetTileRequest { LedgerId = id, Level = 1 }, cancellationToken: Token);
                break;
            case "entries":
                var range = new EntryRange { FromSeq = LongLedger, ToSeq = LongLedger + 1 };
                using (var entries = client.GetEntries(new GetEntriesRequest { LedgerId = id, Size = size, Range = range }, cancellationToken: Token))
                    await entries.ResponseStream.MoveNext(Token);
                break;
            case "a receipt":
                // At most one a second is taken, and jp's own may just have been.
                await Task.Delay(TimeSpan.FromSeconds(1.1), Token);
                var receipt = new Receipt(LedgerId.Read(id.Span), 1, size, Digest.Zero, 1_700_000_000_000, Digest.Zero);
                var signed = TestInstitute.Sign(SigningKey.FromKey(jp.Key("receipt")), Receipt.PaeType, receipt.Encode());
                await client.AcknowledgeAsync(new AcknowledgeRequest { Receipt = signed }, cancellationToken: Token);
                break;
            default:
                var from = wanted == "a stream from the end" ? size : 0;
                using (var stream = client.Follow(new FollowRequest { LedgerId = id, FromSize = from }, cancellationToken: Token))
                {
                    while (await stream.ResponseStream.MoveNext(Token))
                        Assert.True(from == 0);
                }

                break;
        }
    }

    // jp's ledger has more entries than a tile has places.
    private static async Task<TestFederation> StartLongAsync()
    {
        var federation = await TestFederation.StartAsync("uk", "jp", "sg");
        for (var i = 0; i < LongLedger; i++)
            await federation["uk"].PublishAsync(Drafts.Practice($"practice {i}"));
        await federation.LetFollowAsync("uk", "jp", TestPolicies.Everything);
        await federation.LetFollowAsync("uk", "sg", TestPolicies.Everything);
        await federation.SettleAsync("uk", "jp");
        await federation.SettleAsync("uk", "sg");
        return federation;
    }

    private static void Damage(TestNode node, string sql, int level = 1)
    {
        using var session = node.OpenDatabase();
        session.Use($"{sql} WHERE level = ?2 AND idx = 0 AND p = (SELECT p FROM partner WHERE iid = ?1)").Bind(1, InstituteId.Parse("jp")).Bind(2, level).Execute();
    }

    private static void Flip(PartnerAppend append, string what)
    {
        if (what == "the stored range")
        {
            append.Range[3] ^= 4;
            return;
        }

        var entries = (List<LedgerEntry>)append.Entries;
        var hash = entries[^1].StatementHash.ToBytes();
        hash[7] ^= 1;
        entries[^1] = entries[^1] with { StatementHash = Digest.Read(hash) };
    }
}
