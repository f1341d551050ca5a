using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Federation.Node.Tests.Infrastructure;
using Xunit;

namespace Federation.Node.Tests.Access;

public sealed class HandshakeTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tls_1_2_is_refused_by_both_listeners()
    {
        await using var federation = await TestFederation.StartAsync("uk");
        var node = federation["uk"];
        var partner = new TestInstitute("jp");
        await node.AddPartnerAsync(partner.Card, share: true);
        using var older = new TestChannel(node.OwnAddress, node.Certificate("operator"), SslProtocols.Tls12);
        using var olderPartner = new TestChannel(node.PartnerAddress, partner.Tls, SslProtocols.Tls12);

        Assert.Equal("NO_CONNECTION", await older.Invoker.OutcomeAsync("/federation.node.v1.OperatorService/GetNode", [], Now));
        Assert.Equal("NO_CONNECTION", await olderPartner.Invoker.OutcomeAsync("/federation.exchange.v1.ExchangeService/GetManifests", [], Now));
    }

    [Fact]
    public async Task Each_connection_proves_its_key_anew()
    {
        await using var federation = await TestFederation.StartAsync("uk");
        var node = federation["uk"];
        var partner = new TestInstitute("jp");
        await node.AddPartnerAsync(partner.Card, share: true);

        foreach (var (address, certificate) in new[] { (node.PartnerAddress, partner.Tls), (node.OwnAddress, node.Certificate("operator")) })
        {
            var client = Options(certificate);
            var first = await HandshakeBytesAsync(IPEndPoint.Parse(address), client);
            var second = await HandshakeBytesAsync(IPEndPoint.Parse(address), client);

            // A resumed handshake leaves the server's certificate out, and that is most of its bytes.
            Assert.InRange(second, first * 9 / 10, first * 11 / 10);
        }
    }

    private static SslClientAuthenticationOptions Options(X509Certificate2 certificate) => new()
    {
        TargetHost = "127.0.0.1",
        EnabledSslProtocols = SslProtocols.Tls13,
        AllowTlsResume = true,
        ApplicationProtocols = [SslApplicationProtocol.Http2],
        ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
        RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
    };

    // Speaks until the server's first frame, behind which a session ticket would have come.
    private static async Task<long> HandshakeBytesAsync(IPEndPoint address, SslClientAuthenticationOptions options)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(address, Now);
        await using var counted = new CountingStream(socket.GetStream());
        await using var tls = new SslStream(counted);
        await tls.AuthenticateAsClientAsync(options, Now);
        await tls.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray(), Now);
        Assert.NotEqual(0, await tls.ReadAsync(new byte[9], Now));
        return counted.BytesRead;
    }
}
