using System.Security.Cryptography;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;

namespace Federation.Protocol.Tests.Infrastructure;

/// <summary>An institute's freshly drawn root and keys, and manifests signed by that root.</summary>
internal sealed class TestKeys
{
    internal static readonly InstituteId Institute = InstituteId.Parse("alpha-lab");

    internal SigningKey Root { get; } = SigningKey.FromKey(ECDsa.Create(ECCurve.NamedCurves.nistP384));

    internal SigningKey Tls { get; } = P256();

    internal SigningKey Head { get; } = P256();

    internal SigningKey Statement { get; } = P256();

    internal SigningKey Receipt { get; } = P256();

    internal Digest Fingerprint => RootFingerprint.Of(Root.Spki);

    internal static SigningKey P256() => SigningKey.FromKey(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    internal static ManifestKey Active(KeyPurpose purpose, SigningKey key) => new(purpose, KeyState.Active, key.Spki);

    internal ManifestKey[] AllActive() =>
    [
        Active(KeyPurpose.Tls, Tls), Active(KeyPurpose.Head, Head), Active(KeyPurpose.Statement, Statement), Active(KeyPurpose.Receipt, Receipt),
    ];

    /// <summary>The manifest after those given, with these keys, signed.</summary>
    internal (byte[] Manifest, byte[] Signature) Sign(IReadOnlyList<(byte[] Manifest, byte[] Signature)> before, params ManifestKey[] keys)
    {
        var previous = before.Count == 0 ? Digest.Zero : Digest.Sha256(before[^1].Manifest);
        var bytes = Manifest.Create(Institute, (uint)before.Count + 1, previous, 1_700_000_000_000, Root.Spki, keys).Encode();
        return (bytes, Root.Sign(Manifest.PaeType, bytes));
    }

    internal KeyRing Ring()
    {
        var manifest = Manifest.Create(Institute, 1, Digest.Zero, 0, Root.Spki, AllActive());
        return new KeyRing(manifest, SignatureScheme.Ecdsa);
    }
}
