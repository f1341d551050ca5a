using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Federation.Node.Access;

/// <summary>Binds the two listeners and stamps their connections.</summary>
internal static class Listeners
{
    private const int MaxConnections = 4096;

    /// <summary>Binds both listeners, the partner listener first.</summary>
    public static void Bind(KestrelServerOptions kestrel, NodeOptions options, ListenerTls tls)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        // Bounds are per message, by its length prefix; a stream of them has no size and no least rate.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(60);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        Listen(kestrel, options.PartnerListener, Listener.Partner, tls.ForPartners);
        Listen(kestrel, options.OwnListener, Listener.Own, tls.ForClients);
    }

    private static void Listen(KestrelServerOptions kestrel, ListenerOptions where, Listener listener, Func<SslServerAuthenticationOptions> handshake)
    {
        kestrel.Listen(IPAddress.Parse(where.Address), where.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => connection =>
            {
                connection.Features.Set(new ListenerStamp(listener));
                return next(connection);
            });
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(handshake()) });
        });
    }
}
