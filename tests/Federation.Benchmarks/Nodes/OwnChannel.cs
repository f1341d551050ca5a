using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Federation.Cli.Connection;
using Grpc.Net.Client;

namespace Federation.Benchmarks.Nodes;

/// <summary>Opens a channel to a node's own listener, as a client of the institute does: mutual TLS 1.3.</summary>
internal static class OwnChannel
{
    private const int MaxMessageBytes = 4 * 1024 * 1024;

    public static GrpcChannel Open(NodeDirectory directory)
    {
        var client = X509Certificate2.CreateFromPemFile(directory.OperatorFile);
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(File.ReadAllText(directory.AuthorityFile)));
        var tls = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateChainPolicy = trust,
            ClientCertificateContext = SslStreamCertificateContext.Create(client, null, offline: true),
        };
        var transport = new SocketsHttpHandler { SslOptions = tls };
        return GrpcChannel.ForAddress(
            directory.OwnAddress(), new GrpcChannelOptions { HttpHandler = transport, DisposeHttpClient = true, MaxReceiveMessageSize = MaxMessageBytes });
    }
}
