namespace Federation.Cli.Setup;

/// <summary>A certificate that the institute's own authority issued, with its key.</summary>
/// <param name="Der">The certificate (DER).</param>
/// <param name="Pem">The certificate (PEM).</param>
/// <param name="KeyPem">The private key (PKCS#8 PEM).</param>
internal sealed record IssuedCertificate(byte[] Der, string Pem, string KeyPem);
