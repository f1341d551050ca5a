using Federation.Node.Tests.Infrastructure;
using Federation.V1.Exchange;
using Google.Protobuf;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Exchange;

/// <summary>A partner learns nothing of ledgers that are not its own.</summary>
public sealed class LedgerSecrecyTests : IAsyncLifetime
{
    private TestFederation federation = null!;
    private TestNode node = null!;
    private TestInstitute jp = null!;
    private TestInstitute sg = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartAsync("uk");
        node = federation["uk"];
        (jp, sg) = (new TestInstitute("jp"), new TestInstitute("sg"));
        await node.AddPartnerAsync(jp.Card, share: true);
        await node.AddPartnerAsync(sg.Card, share: true);
        await node.ApplyPolicyAsync("sg", TestPolicies.Everything);
        await node.PublishAsync(Drafts.Practice("one for sg"));
        await node.WaitForOutboundAsync("sg", l => l.Appended == 1);
    }

    public ValueTask DisposeAsync() => federation.DisposeAsync();

    [Fact]
    public async Task Anothers_ledger_is_answered_exactly_like_one_that_does_not_exist()
    {
        var others = (await node.OutboundAsync("sg")).LedgerId;
        var none = ByteString.CopyFrom(new byte[16]);
        using var channel = new TestChannel(node.PartnerAddress, jp.Tls);

        foreach (var ask in Questions())
        {
            var other = await Assert.ThrowsAsync<RpcException>(() => ask(channel.Exchange, others));
            var absent = await Assert.ThrowsAsync<RpcException>(() => ask(channel.Exchange, none));

            Refusals.Assert("LEDGER_NOT_FOUND", other);
            Assert.Equal(Refusals.Describe(absent), Refusals.Describe(other));
        }
    }

    [Fact]
    public async Task Anothers_ledger_and_none_are_the_same_bytes()
    {
        var others = (await node.OutboundAsync("sg")).LedgerId;
        using var caller = new RawHttp(node.PartnerAddress, jp.Tls);

        foreach (var method in new[] { "Hello", "Follow", "GetProof" })
        {
            var path = $"/federation.exchange.v1.ExchangeService/{method}";
            var other = await caller.PostAsync(path, node.PartnerAddress, Now, Ask(method, others));
            var absent = await caller.PostAsync(path, node.PartnerAddress, Now, Ask(method, ByteString.CopyFrom(new byte[16])));

            Assert.Equal(absent, other);
        }
    }

    [Fact]
    public async Task A_partner_with_whom_nothing_is_shared_gets_the_same_answer()
    {
        var fr = new TestInstitute("fr");
        await node.AddPartnerAsync(fr.Card);
        using var shared = new TestChannel(node.PartnerAddress, jp.Tls);
        using var unshared = new TestChannel(node.PartnerAddress, fr.Tls);

        foreach (var ask in Questions())
        {
            var absent = await Assert.ThrowsAsync<RpcException>(() => ask(shared.Exchange, ByteString.CopyFrom(new byte[16])));
            var none = await Assert.ThrowsAsync<RpcException>(() => ask(unshared.Exchange, ByteString.CopyFrom(new byte[16])));

            Assert.Equal(Refusals.Describe(absent), Refusals.Describe(none));
        }
    }

    [Fact]
    public async Task Manifests_of_others_are_answered_like_those_of_nobody()
    {
        using var channel = new TestChannel(node.PartnerAddress, jp.Tls);

        var partner = await Assert.ThrowsAsync<RpcException>(async () => await channel.Exchange.GetManifestsAsync(new GetManifestsRequest { Institute = "sg" }, cancellationToken: Now));
        var nobody = await Assert.ThrowsAsync<RpcException>(async () => await channel.Exchange.GetManifestsAsync(new GetManifestsRequest { Institute = "xx" }, cancellationToken: Now));

        Assert.Equal(Refusals.Describe(nobody), Refusals.Describe(partner));
        var own = await channel.Exchange.GetManifestsAsync(new GetManifestsRequest { Institute = "uk" }, cancellationToken: Now);
        Assert.Single(own.Manifests);
    }

    private static IEnumerable<Func<ExchangeService.ExchangeServiceClient, ByteString, Task>> Questions() =>
    [
        async (c, id) => await c.HelloAsync(new HelloRequest { LowestVersion = 1, HighestVersion = 1, LedgerId = id, Incarnation = 1 }),
        async (c, id) => await c.Follow(new FollowRequest { LedgerId = id }).ResponseStream.MoveNext(default),
        async (c, id) => await c.GetProofAsync(new GetProofRequest { LedgerId = id }),
        async (c, id) => await c.AcknowledgeAsync(new AcknowledgeRequest { Receipt = new SignedBytes { Payload = ByteString.CopyFrom([.. id, .. new byte[84]]) } }),
    ];

    private static byte[] Ask(string method, ByteString ledger)
    {
        IMessage message = method switch
        {
            "Hello" => new HelloRequest { LowestVersion = 1, HighestVersion = 1, LedgerId = ledger, Incarnation = 1 },
            "Follow" => new FollowRequest { LedgerId = ledger },
            _ => new GetProofRequest { LedgerId = ledger },
        };
        var bytes = message.ToByteArray();
        return [0, 0, 0, 0, (byte)bytes.Length, .. bytes];
    }
}
