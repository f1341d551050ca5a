using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Federation.Protocol.Records;

namespace Federation.Node.Partners;

/// <summary>
/// The node's own TLS certificate: self-signed with the TLS key of its manifest, valid for 7 days and made anew each day, in memory.
/// Partners compare its public key with the manifest, and its dates; nothing else in it carries trust.
/// </summary>
internal sealed class TlsLeaf : IDisposable
{
    private static readonly TimeSpan Validity = TimeSpan.FromDays(7);
    private static readonly TimeSpan RenewAfter = TimeSpan.FromDays(1);
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);

    private readonly ECDsa key;
    private readonly InstituteId institute;
    private readonly TimeProvider time;
    private readonly Lock renewing = new();

    // Guarded by the lock; a replaced certificate is left to its last handshake and the collector.
    private X509Certificate2? certificate;
    private DateTimeOffset madeAt;

    public TlsLeaf(ECDsa key, InstituteId institute, TimeProvider time)
    {
        this.key = key;
        this.institute = institute;
        this.time = time;
    }

    /// <summary>The public key, as manifests list it.</summary>
    public byte[] Spki => key.ExportSubjectPublicKeyInfo();

    /// <summary>The certificate to present now.</summary>
    public X509Certificate2 Current
    {
        get
        {
            lock (renewing)
            {
                var now = time.GetUtcNow();
                if (certificate is null || now - madeAt > RenewAfter || now < madeAt)
                {
                    certificate = Make(now);
                    madeAt = now;
                }

                return certificate;
            }
        }
    }

    public void Dispose()
    {
        certificate?.Dispose();
        key.Dispose();
    }

    private X509Certificate2 Make(DateTimeOffset now)
    {
        var request = new CertificateRequest($"CN={institute}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        var usages = new OidCollection { new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2") };
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(usages, false));
        return request.CreateSelfSigned(now - ClockSlack, now + Validity);
    }
}
