using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Federation.Node.Partners;
using Federation.Protocol.Records;

namespace Federation.Node.Access;

/// <summary>
/// The handshakes of both listeners: TLS 1.3 only, a client certificate required, no resumption, because a resumed session proves no
/// possession of a key. What is refused is refused in the handshake, so that the caller learns nothing.
/// </summary>
internal sealed class ListenerTls : IDisposable
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly TlsLeaf leaf;
    private readonly RosterSource roster;
    private readonly ClientDirectory clients;
    private readonly TimeProvider time;
    private readonly X509Certificate2 ownAuthority;
    private readonly SslStreamCertificateContext ownCertificate;

    // The context for the leaf that is in use; replaced when the leaf is made anew.
    private volatile Tuple<X509Certificate2, SslStreamCertificateContext>? partnerContext;

    public ListenerTls(NodeOptions options, TlsLeaf leaf, RosterSource roster, ClientDirectory clients, TimeProvider time)
    {
        this.leaf = leaf;
        this.roster = roster;
        this.clients = clients;
        this.time = time;
        ownAuthority = X509CertificateLoader.LoadCertificateFromFile(options.OwnAuthority);
        var certificate = X509Certificate2.CreateFromPemFile(options.OwnCertificate, options.OwnKey);
        ownCertificate = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
    }

    /// <summary>The handshake with a partner: its key is pinned by its manifest, and nothing else in its certificate but the dates counts.</summary>
    public SslServerAuthenticationOptions ForPartners()
    {
        var certificate = leaf.Current;
        var context = partnerContext;
        if (context is null || context.Item1 != certificate)
            partnerContext = context = Tuple.Create(certificate, SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true));
        return Options(context.Item2, IsPartner);
    }

    /// <summary>The handshake with the institute's own clients: issued by its authority, and admitted in the store.</summary>
    public SslServerAuthenticationOptions ForClients() => Options(ownCertificate, IsClient);

    public void Dispose() => ownAuthority.Dispose();

    private static SslServerAuthenticationOptions Options(SslStreamCertificateContext certificate, Func<X509Certificate2, bool> admits) => new()
    {
        ServerCertificateContext = certificate,
        ClientCertificateRequired = true,
        EnabledSslProtocols = SslProtocols.Tls13,
        AllowTlsResume = false,
        AllowRenegotiation = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        ApplicationProtocols = [SslApplicationProtocol.Http2],
        RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 certificate && admits(certificate),
    };

    private bool IsPartner(X509Certificate2 certificate) =>
        PeerCertificate.DatesHold(certificate, time.GetUtcNow())
        && roster.Current.FindByTlsKeyDigest(Digest.Sha256(PeerCertificate.SpkiOf(certificate))) is not null;

    private bool IsClient(X509Certificate2 certificate)
    {
        if (clients.Find(Digest.Sha256(PeerCertificate.SpkiOf(certificate))) is null)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(ownAuthority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(ClientAuthentication));
        return chain.Build(certificate);
    }
}
