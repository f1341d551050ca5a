using System.Text;
using Federation.Protocol.Heads;
using Federation.V1.Exchange;
using Google.Protobuf;
using Xunit;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>Follows a ledger as a partner that is the test itself, which sees every byte.</summary>
internal static class PartnerReads
{
    /// <summary>The bytes of every batch from the beginning until a head stands at the tip.</summary>
    public static async Task<string> CatchUpAsync(this TestChannel channel)
    {
        using var bounded = Patience.Bounded();
        var hello = await channel.Exchange.HelloAsync(new HelloRequest { LowestVersion = 1, HighestVersion = 1 }, cancellationToken: bounded.Token);
        using var follow = channel.Exchange.Follow(new FollowRequest { LedgerId = hello.LedgerId }, cancellationToken: bounded.Token);
        var text = new StringBuilder(Encoding.Latin1.GetString(hello.ToByteArray()));
        while (await follow.ResponseStream.MoveNext(bounded.Token))
        {
            text.Append(Encoding.Latin1.GetString(follow.ResponseStream.Current.ToByteArray()));
            Assert.True(Head.TryDecode(follow.ResponseStream.Current.Head.Payload.Span, out var head, out _));
            if (head.Tip)
                break;
        }

        return text.ToString();
    }
}
