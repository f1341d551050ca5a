using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Federation.V1.Node;
using Grpc.Core;
using Grpc.Net.Client;

namespace Federation.Cli.Connection;

/// <summary>A connection to a node's own listener: mutual TLS 1.3, trusting the institute's own authority and no other.</summary>
internal sealed class NodeConnection : IDisposable
{
    private const int MaxMessageBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UnaryDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SweepDeadline = TimeSpan.FromMinutes(10);

    private readonly GrpcChannel _channel;
    private readonly SocketsHttpHandler _transport;
    private readonly X509Certificate2 _client;
    private readonly X509Certificate2 _authority;
    private readonly TimeProvider _clock;

    private NodeConnection(Uri address, X509Certificate2 client, X509Certificate2 authority, TimeProvider clock)
    {
        Address = address;
        _client = client;
        _authority = authority;
        _clock = clock;
        _transport = new SocketsHttpHandler { SslOptions = Tls(client, authority), ConnectTimeout = ConnectPatience };
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = _transport, MaxReceiveMessageSize = MaxMessageBytes });
        Records = new RecordsService.RecordsServiceClient(_channel);
        Operator = new OperatorService.OperatorServiceClient(_channel);
    }

    public Uri Address { get; }

    public RecordsService.RecordsServiceClient Records { get; }

    public OperatorService.OperatorServiceClient Operator { get; }

    /// <summary>Opens a connection; nothing is sent yet.</summary>
    /// <param name="directory">The node.</param>
    /// <param name="clientFile">The client's certificate and key; null for the first operator's.</param>
    /// <param name="clock">The clock that deadlines are taken from.</param>
    public static NodeConnection Open(NodeDirectory directory, string? clientFile, TimeProvider clock)
    {
        var address = directory.OwnAddress();
        var client = ReadClient(clientFile ?? directory.OperatorFile);
        var authority = X509Certificate2.CreateFromPem(File.ReadAllText(directory.AuthorityFile));
        return new NodeConnection(address, client, authority, clock);
    }

    /// <summary>Options of a unary call: it has a deadline.</summary>
    public CallOptions Unary(CancellationToken cancellationToken) => Within(UnaryDeadline, cancellationToken);

    /// <summary>Options of a unary call for which the node judges every record before it answers.</summary>
    public CallOptions Sweep(CancellationToken cancellationToken) => Within(SweepDeadline, cancellationToken);

    public void Dispose()
    {
        _channel.Dispose();
        _transport.Dispose();
        _client.Dispose();
        _authority.Dispose();
    }

    private CallOptions Within(TimeSpan limit, CancellationToken cancellationToken) =>
        new(deadline: (_clock.GetUtcNow() + limit).UtcDateTime, cancellationToken: cancellationToken);

    private static X509Certificate2 ReadClient(string file)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(file);
        }
        catch (CryptographicException fault)
        {
            throw CommandFailureException.Usage($"{file} does not hold a certificate and its key. {fault.Message}");
        }
    }

    private static SslClientAuthenticationOptions Tls(X509Certificate2 client, X509Certificate2 authority)
    {
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        trust.CustomTrustStore.Add(authority);
        return new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateChainPolicy = trust,
            ClientCertificateContext = SslStreamCertificateContext.Create(client, null, offline: true),
        };
    }
}
