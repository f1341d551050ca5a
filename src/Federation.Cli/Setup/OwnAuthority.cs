using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Federation.Cli.Setup;

/// <summary>The institute's own certificate authority, for its own listener and that listener's clients. Partners never see it.</summary>
internal sealed class OwnAuthority : IDisposable
{
    private const int AuthorityYears = 10;
    private const int LeafYears = 2;
    private const int SerialBytes = 16;
    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";
    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2";

    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "::1"];

    private readonly X509Certificate2 _certificate;

    private OwnAuthority(X509Certificate2 certificate) => _certificate = certificate;

    public string CertificatePem => _certificate.ExportCertificatePem() + "\n";

    /// <summary>Makes a new authority with a P-256 key, for ten years.</summary>
    public static OwnAuthority Create(string institute, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={institute} own authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return new OwnAuthority(request.CreateSelfSigned(Start(now), now.AddYears(AuthorityYears)));
    }

    /// <summary>Reads an authority's certificate and key.</summary>
    public static OwnAuthority Load(string certificateFile, string keyFile)
    {
        try
        {
            return new OwnAuthority(X509Certificate2.CreateFromPemFile(certificateFile, keyFile));
        }
        catch (CryptographicException fault)
        {
            throw CommandFailureException.Usage($"{certificateFile} and {keyFile} are not an authority's certificate and key. {fault.Message}");
        }
    }

    /// <summary>The authority's private key (PKCS#8 PEM).</summary>
    public string KeyPem()
    {
        using var key = _certificate.GetECDsaPrivateKey() ?? throw new CryptographicException("The authority's key is not an ECDSA key.");
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <summary>A certificate for the own listener: localhost, its addresses, and the names given.</summary>
    public IssuedCertificate IssueServer(IReadOnlyList<string> hosts, DateTimeOffset now)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in Loopback.Concat(hosts).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }
        return Issue("CN=own listener", ServerPurpose, names.Build(), now);
    }

    /// <summary>A certificate for a client of the own listener.</summary>
    public IssuedCertificate IssueClient(string name, DateTimeOffset now) => Issue($"CN={name}", ClientPurpose, null, now);

    public void Dispose() => _certificate.Dispose();

    private IssuedCertificate Issue(string subject, string purpose, X509Extension? names, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        if (names is not null)
            request.CertificateExtensions.Add(names);
        var end = now.AddYears(LeafYears);
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] &= 0x7F;
        using var certificate = request.Create(_certificate, Start(now), end < _certificate.NotAfter ? end : _certificate.NotAfter, serial);
        return new IssuedCertificate(certificate.RawData, certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    // A node on another machine may have a clock that is a little behind.
    private static DateTimeOffset Start(DateTimeOffset now) => now.AddMinutes(-5);
}
