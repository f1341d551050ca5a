using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Heads;
using Federation.V1.Exchange;
using Google.Protobuf;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Recovery;

/// <summary>Who is answered an echo, and with what.</summary>
public sealed class EchoTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_echo_is_answered_to_the_origin_of_the_ledger_and_to_nobody_else()
    {
        await using var pair = await RestoredPair.StartAsync();
        var other = new TestInstitute("fr");
        await pair.Follower.AddPartnerAsync(other.Card, share: true, follow: true);
        await pair.Origin.PublishAsync(Drafts.Flaw("one"));
        await pair.Origin.PublishAsync(Drafts.Flaw("two"));
        await pair.SettleAsync();
        var ledger = (await pair.Origin.OutboundAsync("sg")).LedgerId;

        using var origin = pair.Origin.ChannelTo(pair.Follower);
        using var stranger = new TestChannel(pair.Follower.PartnerAddress, other.Tls);
        var echo = await EchoAsync(origin, ledger, 0);

        Assert.Equal(3, CountOf(echo));
        Assert.Equal(3UL, HostileFollower.SizeOf(echo[^1].Head));
        Assert.Equal(1, CountOf(await EchoAsync(origin, ledger, 2)));
        Assert.Equal(0, CountOf(await EchoAsync(origin, ledger, 3)));
        Assert.Equal(0, CountOf(await EchoAsync(origin, ledger, ulong.MaxValue)));
        // Another's ledger, one that is not there, and none: one answer.
        var answers = new List<Status>();
        foreach (var id in new[] { ledger, ByteString.CopyFrom(new byte[16]), ByteString.Empty })
            answers.Add((await Assert.ThrowsAsync<RpcException>(async () => await EchoAsync(stranger, id, 0))).Status);
        await Refusals.Assert("LEDGER_NOT_FOUND", () => EchoAsync(stranger, ledger, 0));
        Assert.Single(answers.Distinct());
    }

    private static async Task<List<EchoResponse>> EchoAsync(TestChannel channel, ByteString ledger, ulong from)
    {
        using var call = channel.Exchange.Echo(new EchoRequest { LedgerId = ledger, FromSeq = from }, cancellationToken: Now);
        var messages = new List<EchoResponse>();
        while (await call.ResponseStream.MoveNext(Now))
            messages.Add(call.ResponseStream.Current);
        return messages;
    }

    private static int CountOf(List<EchoResponse> echo) => echo.Where(message => !message.Items.IsEmpty).Sum(message =>
    {
        Assert.True(BatchFrame.TryRead(message.Items.Memory, 256, out var items, out _));
        return items.Count;
    });
}
