using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Google.Protobuf;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Exchange;

/// <summary>What an origin does when its follower cheats, asks too much, or knows more than the origin does.</summary>
public sealed class HostileFollowerTests : IAsyncLifetime
{
    private const int FalseReceipt = 3003;
    private const int Forked = 3002;

    private TestFederation federation = null!;
    private TestNode node = null!;
    private TestInstitute partner = null!;
    private TestChannel channel = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private ExchangeService.ExchangeServiceClient Client => channel.Exchange;

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartAsync("uk");
        node = federation["uk"];
        partner = new TestInstitute("jp");
        await node.AddPartnerAsync(partner.Card, share: true);
        await node.ApplyPolicyAsync("jp", TestPolicies.Everything);
        channel = new TestChannel(node.PartnerAddress, partner.Tls);
        for (var i = 0; i < 3; i++)
            await node.PublishAsync(Drafts.Practice($"practice {i}"));
        await node.WaitForOutboundAsync("jp", l => l.Appended == 3);
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await federation.DisposeAsync();
    }

    [Fact]
    public async Task Before_hello_nothing_is_answered()
    {
        var ledger = (await node.OutboundAsync("jp")).LedgerId;

        await Refusals.Assert("HELLO_REQUIRED", () => NextAsync(new FollowRequest { LedgerId = ledger }));
        await Refusals.Assert("HELLO_REQUIRED", async () => await Client.GetProofAsync(new GetProofRequest { LedgerId = ledger }, cancellationToken: Now));
        await Refusals.Assert("HELLO_REQUIRED", async () => await Client.AcknowledgeAsync(ReceiptFor(ledger, 0, Digest.Zero), cancellationToken: Now));
        Assert.Equal(OutboundState.Unconfirmed, (await node.OutboundAsync("jp")).State);
    }

    [Theory]
    [InlineData(0U, 0U)]
    [InlineData(2U, 9U)]
    public async Task A_version_that_is_not_spoken_is_refused_with_the_range(uint lowest, uint highest)
    {
        var bad = await Refusals.Assert("VERSION_UNSUPPORTED", async () => await Client.HelloAsync(
            new HelloRequest { LowestVersion = lowest, HighestVersion = highest }, cancellationToken: Now));

        Assert.Contains("1 to 1", Assert.Single(bad!.FieldViolations).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cursor_beyond_the_ledger_is_refused()
    {
        var hello = await HelloAsync();

        await Refusals.Assert("FIELD_INVALID", () => NextAsync(new FollowRequest { LedgerId = hello.LedgerId, FromSize = 4 }));
        await Refusals.Assert("FIELD_INVALID", () => NextAsync(new FollowRequest { LedgerId = hello.LedgerId, FromSize = ulong.MaxValue }));
        await Refusals.Assert("FIELD_INVALID", () => NextAsync(new FollowRequest { LedgerId = hello.LedgerId, MaxBatchEntries = 257 }));
    }

    [Fact]
    public async Task A_message_above_128_KiB_is_refused_by_its_length_prefix()
    {
        using var caller = new RawHttp(node.PartnerAddress, partner.Tls);
        // The prefix announces one byte too many, and the message never comes.
        byte[] prefix = [0, 0, 2, 0, 1];

        var answer = await caller.PostAsync("/federation.exchange.v1.ExchangeService/Hello", node.PartnerAddress, Now, prefix);

        Assert.Contains("\ngrpc-status: 8", answer, StringComparison.Ordinal);
        var large = new HelloRequest { LowestVersion = 1, HighestVersion = 1, LedgerId = ByteString.CopyFrom(new byte[128 * 1024]) };
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await Client.HelloAsync(large, cancellationToken: Now));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Fact]
    public async Task Deeply_nested_garbage_is_refused_and_harms_nothing()
    {
        var garbage = Enumerable.Repeat((byte)0x0B, 100_000).ToArray();

        var outcome = await channel.Invoker.OutcomeAsync("/federation.exchange.v1.ExchangeService/Hello", garbage, Now);

        Assert.NotEqual("OK", outcome);
        node.Log.Expect(1002, 6);
        Assert.Equal(Contact.Ok, (await HelloAsync()).Contact);
    }

    [Fact]
    public async Task Receipts_that_come_too_often_are_refused()
    {
        var hello = await HelloAsync();
        var outcomes = new List<string>();
        for (var i = 0; i < 3; i++)
            outcomes.Add(await OutcomeAsync(async () => await Client.AcknowledgeAsync(ReceiptFor(hello), cancellationToken: Now)));

        Assert.Equal(["OK", "RATE_LIMITED", "RATE_LIMITED"], outcomes);
        Assert.Equal(3UL, (await node.OutboundAsync("jp")).Receipted);
    }

    [Fact]
    public async Task A_receipt_for_more_than_was_signed_is_evidence()
    {
        node.Log.Expect(FalseReceipt);
        var hello = await HelloAsync();

        await Refusals.Assert("RECEIPT_INVALID", async () => await Client.AcknowledgeAsync(ReceiptFor(hello.LedgerId, 4, Digest.Zero), cancellationToken: Now));

        var evidence = Assert.Single(await node.EvidenceAsync("jp"));
        Assert.Equal("RECEIPT_FALSE", evidence.Fault);
        Assert.Equal(0UL, (await node.OutboundAsync("jp")).Receipted);
        var kept = SignedBytes.Parser.ParseFrom(evidence.Objects[0]);
        Assert.True(Receipt.TryDecode(kept.Payload.Span, out var receipt, out _));
        Assert.Equal(4UL, receipt.Size);
    }

    [Fact]
    public async Task A_receipt_for_another_root_is_evidence()
    {
        node.Log.Expect(FalseReceipt);
        var hello = await HelloAsync();

        await Refusals.Assert("RECEIPT_INVALID", async () => await Client.AcknowledgeAsync(
            ReceiptFor(hello.LedgerId, 2, Digest.Sha256("another"u8)), cancellationToken: Now));

        Assert.Equal("RECEIPT_FALSE", Assert.Single(await node.EvidenceAsync("jp")).Fault);
    }

    [Fact]
    public async Task R12_a_receipt_with_other_live_entries_at_the_same_root_is_taken_and_told()
    {
        var hello = await HelloAsync();
        using var stream = Client.Follow(new FollowRequest { LedgerId = hello.LedgerId }, cancellationToken: Now);
        var tip = await TipAsync(stream);

        await Client.AcknowledgeAsync(ReceiptFor(tip, Digest.Sha256("other live entries"u8)), cancellationToken: Now);

        var ledger = await node.OutboundAsync("jp");
        Assert.Equal((3UL, true, OutboundState.Active), (ledger.Receipted, ledger.LiveSetDiffers, ledger.State));
        Assert.Equal("LIVE_SET_DIFFERS", Assert.Single(await node.EvidenceAsync("jp")).Fault);
        Assert.Single(node.Log.Lines, l => l.EventId == 3004);
        await Patience.UntilAsync(
            async () => await OutcomeAsync(async () => await Client.AcknowledgeAsync(ReceiptFor(tip, tip.LiveDigest), cancellationToken: Now)) == "OK",
            () => "a receipt that is taken");
        Assert.False((await node.OutboundAsync("jp")).LiveSetDiffers);
    }

    [Fact]
    public async Task R12_a_ledger_without_a_receipt_is_overdue_by_the_age_of_its_oldest_entry()
    {
        var hello = await HelloAsync();
        var oldest = (await node.OutboundAsync("jp")).OldestUnreceiptedAt.ToDateTimeOffset();
        var overdue = Assert.Single((await node.Operator.ListOverdueAsync(new ListOverdueRequest(), cancellationToken: Now)).Receipts);

        Assert.InRange(TimeProvider.System.GetUtcNow() - oldest, TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(5));
        Assert.Equal(("jp", 3UL, 3UL, 0UL, oldest), (overdue.Partner, overdue.Appended, overdue.Signed, overdue.Receipted, overdue.OldestAt.ToDateTimeOffset()));
        Assert.Empty((await node.Operator.ListOverdueAsync(new ListOverdueRequest { OlderThanSeconds = 3600 }, cancellationToken: Now)).Receipts);

        await Client.AcknowledgeAsync(ReceiptFor(hello), cancellationToken: Now);

        Assert.Null((await node.OutboundAsync("jp")).OldestUnreceiptedAt);
        Assert.Empty((await node.Operator.ListOverdueAsync(new ListOverdueRequest { Partner = "jp" }, cancellationToken: Now)).Receipts);
    }

    [Fact]
    public async Task A_receipt_that_is_not_signed_by_the_receipt_key_is_no_evidence()
    {
        var hello = await HelloAsync();
        var forged = ReceiptFor(hello.LedgerId, 9, Digest.Zero);
        forged.Receipt = TestInstitute.Sign(partner.Heads, Receipt.PaeType, forged.Receipt.Payload.ToByteArray());

        await Refusals.Assert("SIGNATURE_INVALID", async () => await Client.AcknowledgeAsync(forged, cancellationToken: Now));

        Assert.Empty(await node.EvidenceAsync("jp"));
    }

    [Fact]
    public async Task A_head_that_this_node_never_signed_proves_no_fork()
    {
        var hello = await HelloAsync();
        Assert.True(Head.TryDecode(hello.Head.Payload.Span, out var head, out _));
        var invented = (head with { Size = 99, Root = Digest.Sha256("invented"u8) }).Encode();

        await Refusals.Assert("SIGNATURE_INVALID", () => HelloAsync(TestInstitute.Sign(partner.Heads, Head.PaeType, invented)));

        Assert.Equal(OutboundState.Active, (await node.OutboundAsync("jp")).State);
        Assert.Empty(await node.EvidenceAsync("jp"));
        Assert.Equal(Contact.Ok, (await HelloAsync(hello.Head)).Contact);
    }

    [Fact]
    public async Task Row_R1_a_genuine_head_that_is_ahead_of_a_restored_ledger_stops_all_signing_until_the_end_is_back()
    {
        await node.StopAsync();
        node.SaveDatabase();
        await node.StartAsync();
        await node.PublishAsync(Drafts.Practice("after the backup"));
        await node.WaitForOutboundAsync("jp", l => l.Appended == 4);
        var ahead = await HelloAsync();
        await node.StopAsync();
        node.RestoreDatabase();
        node.LoseAnchor();
        await node.StartAsync();
        await node.PublishAsync(Drafts.Practice("another fourth"));
        await node.PublishAsync(Drafts.Practice("and a fifth"));
        await node.WaitForOutboundAsync("jp", l => l.Appended == 5);

        var answer = await HelloAsync(ahead.Head);

        Assert.Equal((Contact.Behind, null), (answer.Contact, answer.Head));
        var ledger = await node.WaitForOutboundAsync("jp", l => l.RecoveringFault.Length > 0);
        Assert.Equal((OutboundState.Recovering, 4UL, 0UL), (ledger.State, ledger.RecoveringTo, ledger.Signed));
        Assert.Contains("no address", ledger.RecoveringFault, StringComparison.Ordinal);
        Assert.Empty(await node.EvidenceAsync("jp"));
        // Whatever head it shows afterwards, or none, the ledger stays unsigned; so it does over a restart.
        Assert.Equal((Contact.Behind, null), ((await HelloAsync()).Contact, (await HelloAsync()).Head));
        await node.StopAsync();
        await node.StartAsync();
        Assert.Equal((Contact.Behind, null), ((await HelloAsync()).Contact, (await HelloAsync()).Head));
        await Refusals.Assert("HELLO_REQUIRED", () => NextAsync(new FollowRequest { LedgerId = ahead.LedgerId }));
    }

    [Fact]
    public async Task A_head_that_was_signed_over_something_else_is_a_fork_and_stops_all_signing()
    {
        node.Log.Expect(Forked);
        await node.StopAsync();
        node.SaveDatabase();
        await node.StartAsync();
        await node.PublishAsync(Drafts.Practice("after the backup"));
        await node.WaitForOutboundAsync("jp", l => l.Appended == 4);
        var first = await HelloAsync();
        await node.StopAsync();
        // Without the anchor, and with a partner that hides what it holds, a restored node can't know that it is one.
        node.RestoreDatabase();
        node.LoseAnchor();
        await node.StartAsync();
        await node.PublishAsync(Drafts.Practice("another fourth"));
        await node.WaitForOutboundAsync("jp", l => l.Appended == 4);
        Assert.Equal(Contact.Ok, (await HelloAsync()).Contact);

        var answer = await HelloAsync(first.Head);

        Assert.Equal((Contact.Fork, null), (answer.Contact, answer.Head));
        Assert.Equal(OutboundState.Forked, (await node.OutboundAsync("jp")).State);
        Assert.Equal("LEDGER_FORKED", Assert.Single(await node.EvidenceAsync("jp")).Fault);
        Assert.Equal((Contact.Fork, null), ((await HelloAsync()).Contact, (await HelloAsync()).Head));
        await Refusals.Assert("LEDGER_FORKED", () => NextAsync(new FollowRequest { LedgerId = first.LedgerId }));
    }

    [Fact]
    public async Task A_reader_that_stalls_holds_back_nobody_else()
    {
        federation.Add(await TestNode.StartNewAsync("sg"));
        await federation.LetFollowAsync("uk", "sg", TestPolicies.Everything);
        var hello = await HelloAsync();
        using var stalled = Client.Follow(new FollowRequest { LedgerId = hello.LedgerId }, cancellationToken: Now);

        var record = "";
        for (var i = 0; i < 40; i++)
            record = await node.PublishAsync(Drafts.Flaw($"large {i}", new string('x', 100_000)));

        await federation["sg"].WaitForRecordAsync("uk", record);
        Assert.True((await node.OutboundAsync("jp")).Delivered < 43);
    }

    [Fact]
    public async Task A_new_stream_replaces_the_old_one()
    {
        var hello = await HelloAsync();
        using var first = Client.Follow(new FollowRequest { LedgerId = hello.LedgerId }, cancellationToken: Now);
        Assert.True(await first.ResponseStream.MoveNext(Now));

        using var second = Client.Follow(new FollowRequest { LedgerId = hello.LedgerId }, cancellationToken: Now);
        Assert.True(await second.ResponseStream.MoveNext(Now));

        await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await first.ResponseStream.MoveNext(Now))
                Assert.NotNull(first.ResponseStream.Current);
        });
        await node.PublishAsync(Drafts.Practice("one more"));
        Assert.True(await second.ResponseStream.MoveNext(Now));
    }

    private static async Task<string> OutcomeAsync(Func<Task> call)
    {
        try
        {
            await call();
            return "OK";
        }
        catch (RpcException refusal)
        {
            Assert.True(Federation.Protocol.Errors.FederationError.TryRead(refusal, out var reason, out _));
            return reason.Name;
        }
    }

    private async Task<HelloResponse> HelloAsync(SignedBytes? lastHead = null)
    {
        var request = new HelloRequest { LowestVersion = 1, HighestVersion = 1, LastHead = lastHead };
        return await Client.HelloAsync(request, cancellationToken: Now);
    }

    private async Task<FollowResponse> NextAsync(FollowRequest request)
    {
        using var call = Client.Follow(request, cancellationToken: Now);
        Assert.True(await call.ResponseStream.MoveNext(Now));
        return call.ResponseStream.Current;
    }

    private static async Task<Head> TipAsync(AsyncServerStreamingCall<FollowResponse> stream)
    {
        while (await stream.ResponseStream.MoveNext(Now))
        {
            Assert.True(Head.TryDecode(stream.ResponseStream.Current.Head.Payload.Span, out var head, out _));
            if (head.Tip)
                return head;
        }

        throw new InvalidOperationException("the stream ended before its tip");
    }

    private AcknowledgeRequest ReceiptFor(Head head, Digest liveDigest)
    {
        var receipt = new Receipt(head.Ledger, head.Incarnation, head.Size, head.Root, 1_700_000_000_000, liveDigest);
        return new AcknowledgeRequest { Receipt = TestInstitute.Sign(partner.Receipts, Receipt.PaeType, receipt.Encode()) };
    }

    private AcknowledgeRequest ReceiptFor(HelloResponse hello)
    {
        Assert.True(Head.TryDecode(hello.Head.Payload.Span, out var head, out _));
        return ReceiptFor(hello.LedgerId, head.Size, head.Root);
    }

    private AcknowledgeRequest ReceiptFor(ByteString ledger, ulong size, Digest root)
    {
        var receipt = new Receipt(LedgerId.Read(ledger.Span), 1, size, root, 1_700_000_000_000, Digest.Zero);
        return new AcknowledgeRequest { Receipt = TestInstitute.Sign(partner.Receipts, Receipt.PaeType, receipt.Encode()) };
    }
}
