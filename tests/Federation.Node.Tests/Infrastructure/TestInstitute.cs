using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Federation.Node.Partners;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>An institute without a node: keys, manifest and card, to act as a partner whose every byte the test chooses.</summary>
internal sealed class TestInstitute
{
    private readonly ECDsa tls = NewKey();
    private readonly ECDsa announced = NewKey();

    public TestInstitute(string institute)
    {
        Id = InstituteId.Parse(institute);
        var manifest = Manifest.Create(
            Id, 1, Digest.Zero, 0, Root.Spki.ToArray(),
            [
                new ManifestKey(KeyPurpose.Tls, KeyState.Active, tls.ExportSubjectPublicKeyInfo()),
                new ManifestKey(KeyPurpose.Tls, KeyState.Announced, announced.ExportSubjectPublicKeyInfo()),
                new ManifestKey(KeyPurpose.Head, KeyState.Active, HeadKey.ExportSubjectPublicKeyInfo()),
                new ManifestKey(KeyPurpose.Statement, KeyState.Active, Statements.Spki.ToArray()),
                new ManifestKey(KeyPurpose.Receipt, KeyState.Active, Receipts.Spki.ToArray()),
            ]).Encode();
        Card = new PartnerCard { Institute = institute, DisplayName = institute };
        Card.Manifests.Add(Sign(Root, Manifest.PaeType, manifest));
        Heads = SigningKey.FromKey(HeadKey);
    }

    public InstituteId Id { get; }

    public PartnerCard Card { get; }

    public SigningKey Root { get; } = SigningKey.FromKey(ECDsa.Create(ECCurve.NamedCurves.nistP384));

    public ECDsa HeadKey { get; } = NewKey();

    public SigningKey Heads { get; }

    public SigningKey Statements { get; } = SigningKey.FromKey(NewKey());

    public SigningKey Receipts { get; } = SigningKey.FromKey(NewKey());

    public X509Certificate2 Tls => Certify(tls);

    /// <summary>A certificate of the key that the manifest announces and does not put in force.</summary>
    public X509Certificate2 Announced => Certify(announced);

    /// <summary>A certificate of a key that is in force for another purpose.</summary>
    public X509Certificate2 WrongPurpose => Certify(HeadKey);

    /// <summary>A certificate of the right key whose time is over.</summary>
    public X509Certificate2 Expired => Certify(tls, DateTimeOffset.UnixEpoch.AddYears(50));

    public static SignedBytes Sign(SigningKey key, string paeType, byte[] payload) => new()
    {
        Payload = ByteString.CopyFrom(payload),
        Signature = ByteString.CopyFrom(key.Sign(paeType, payload)),
    };

    /// <summary>Whether the bytes are signed by a key of this institute's manifest.</summary>
    public bool Verifies(KeyPurpose purpose, string paeType, SignedBytes signed) =>
        PartnerCards.TryVerify(Card, SignatureScheme.Ecdsa, out var card, out _) && card.Keys.Verify(purpose, paeType, signed.Payload.Span, signed.Signature.Span);

    private static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private X509Certificate2 Certify(ECDsa key, DateTimeOffset? made = null)
    {
        // Not disposed: it would take the key with it.
        var leaf = new TlsLeaf(key, Id, made is { } at ? new FixedTime(at) : TimeProvider.System);
        return X509CertificateLoader.LoadPkcs12(leaf.Current.Export(X509ContentType.Pkcs12), null);
    }
}
