using System.Security.Cryptography.X509Certificates;

namespace Federation.Node.Partners;

/// <summary>The one check of a peer's certificate on partner connections, in both directions: the pinned key and the dates.</summary>
internal static class PeerCertificate
{
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);

    /// <summary>The public key in the form that manifests list.</summary>
    public static byte[] SpkiOf(X509Certificate2 certificate) => certificate.PublicKey.ExportSubjectPublicKeyInfo();

    /// <summary>Whether the certificate's dates hold, with five minutes of slack for clocks.</summary>
    public static bool DatesHold(X509Certificate2 certificate, DateTimeOffset now) =>
        certificate.NotBefore.ToUniversalTime() <= now.UtcDateTime + ClockSlack && certificate.NotAfter.ToUniversalTime() >= now.UtcDateTime - ClockSlack;
}
