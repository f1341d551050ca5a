using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Grpc.Core;
using Grpc.Net.Client;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>A connection of its own to a listener, with any certificate or none. It believes any server: the tests look at what servers do.</summary>
internal sealed class TestChannel : IDisposable
{
    private readonly SocketsHttpHandler transport;
    private readonly GrpcChannel channel;

    public TestChannel(string address, X509Certificate2? certificate, SslProtocols protocols = SslProtocols.Tls13, bool resume = false)
    {
        transport = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = protocols,
                AllowTlsResume = resume,
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
            },
        };
        channel = GrpcChannel.ForAddress($"https://{address}", new GrpcChannelOptions
        {
            HttpHandler = transport,
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
        });
        Invoker = channel.CreateCallInvoker();
    }

    public CallInvoker Invoker { get; }

    public RecordsService.RecordsServiceClient Records => new(Invoker);

    public OperatorService.OperatorServiceClient Operator => new(Invoker);

    public ExchangeService.ExchangeServiceClient Exchange => new(Invoker);

    public void Dispose()
    {
        channel.Dispose();
        transport.Dispose();
    }
}
