using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Federation.Node.Partners;
using Grpc.Core;
using Grpc.Net.Client;

namespace Federation.Node.Exchange;

/// <summary>
/// Connections to partners: mutual TLS 1.3 without resumption, the partner's key pinned by its manifest. Each attempt may take the
/// next of the partner's addresses.
/// </summary>
internal sealed class PartnerChannels(TlsLeaf leaf, RosterSource roster, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan KeepAliveDelay = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<int, (GrpcChannel Channel, int Address)> channels = new();

    /// <summary>A way to call the partner, over a connection of its own.</summary>
    public CallInvoker Connect(Partner partner)
    {
        var address = 0;
        if (channels.TryRemove(partner.Number, out var old))
        {
            address = old.Address + 1;
            old.Channel.Dispose();
        }

        if (partner.Card.Addresses.Count == 0)
            throw new RpcException(new Status(StatusCode.Unavailable, "the partner's card names no address"));
        address %= partner.Card.Addresses.Count;
        var channel = Open(partner, partner.Card.Addresses[address]);
        channels[partner.Number] = (channel, address);
        return channel.CreateCallInvoker();
    }

    public void Dispose()
    {
        foreach (var (channel, _) in channels.Values)
            channel.Dispose();
    }

    private GrpcChannel Open(Partner partner, string address)
    {
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectTimeout,
            KeepAlivePingDelay = KeepAliveDelay,
            KeepAlivePingTimeout = KeepAliveTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                AllowTlsResume = false,
                AllowRenegotiation = false,
                ClientCertificateContext = SslStreamCertificateContext.Create(leaf.Current, additionalCertificates: null, offline: true),
                RemoteCertificateValidationCallback = (_, certificate, _, _) => IsPartner(partner.Number, certificate),
            },
        };
        return GrpcChannel.ForAddress($"https://{address}", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = ExchangeLimits.FollowerReceiveBytes,
            MaxSendMessageSize = ExchangeLimits.PartnerReceiveBytes,
        });
    }

    // Chain and host name say nothing here; the key and the dates do.
    private bool IsPartner(int number, X509Certificate? certificate) =>
        certificate is X509Certificate2 shown
        && PeerCertificate.DatesHold(shown, time.GetUtcNow())
        && roster.Current.Find(number) is { } partner
        && partner.Keys.IsTlsKey(PeerCertificate.SpkiOf(shown));
}
