using Federation.Protocol.Heads;
using Federation.V1.Exchange;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>A follower without a node: it keeps the batches that it is sent, and echoes them as they are or as the test wants.</summary>
internal sealed class HostileFollower : ExchangeService.ExchangeServiceBase, IAsyncDisposable
{
    private readonly WebApplication app;

    private HostileFollower(string institute)
    {
        Institute = new TestInstitute(institute);
        app = HostileServer.Of(Institute.Tls, this);
    }

    public TestInstitute Institute { get; }

    /// <summary>The batches that it was sent, in order.</summary>
    public List<FollowResponse> Batches { get; } = [];

    /// <summary>Makes the echo from the honest one.</summary>
    public Func<List<EchoResponse>, List<EchoResponse>> Tamper { get; set; } = echo => echo;

    /// <summary>The last head that it was sent.</summary>
    public SignedBytes Last => Batches[^1].Head;

    public static async Task<HostileFollower> StartAsync(string institute)
    {
        var follower = new HostileFollower(institute);
        await follower.app.StartAsync(TestContext.Current.CancellationToken);
        follower.Institute.Card.Addresses.Add(new Uri(follower.app.Urls.First()).Authority);
        return follower;
    }

    /// <summary>Says Hello with a head, or with none.</summary>
    public async Task<HelloResponse> HelloAsync(TestNode origin, SignedBytes? last)
    {
        using var channel = new TestChannel(origin.PartnerAddress, Institute.Tls);
        return await channel.Exchange.HelloAsync(
            new HelloRequest { LowestVersion = 1, HighestVersion = 1, LastHead = last }, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Follows until it has been sent this many entries.</summary>
    public async Task FollowAsync(TestNode origin, ulong size)
    {
        var hello = await HelloAsync(origin, Batches.Count == 0 ? null : Last);
        Assert.Equal(Contact.Ok, hello.Contact);
        using var bounded = Patience.Bounded();
        using var channel = new TestChannel(origin.PartnerAddress, Institute.Tls);
        var request = new FollowRequest { LedgerId = hello.LedgerId, FromSize = Batches.Count == 0 ? 0 : SizeOf(Last) };
        using var call = channel.Exchange.Follow(request, cancellationToken: bounded.Token);
        while (Batches.Count == 0 || SizeOf(Last) < size)
        {
            Assert.True(await call.ResponseStream.MoveNext(bounded.Token));
            Batches.Add(call.ResponseStream.Current);
        }
    }

    public override async Task Echo(EchoRequest request, IServerStreamWriter<EchoResponse> responseStream, ServerCallContext context)
    {
        var honest = Batches.Where(batch => batch.FirstSeq >= request.FromSeq && !batch.Items.IsEmpty)
            .Select(batch => new EchoResponse { FirstSeq = batch.FirstSeq, Items = batch.Items }).ToList();
        honest.Add(new EchoResponse { FirstSeq = SizeOf(Last), Head = Last });
        foreach (var message in Tamper(honest))
            await responseStream.WriteAsync(message);
    }

    public static ulong SizeOf(SignedBytes head)
    {
        Assert.True(Head.TryDecode(head.Payload.Span, out var decoded, out _));
        return decoded.Size;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
    }
}
