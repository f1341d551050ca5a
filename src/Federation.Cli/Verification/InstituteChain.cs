using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;

namespace Federation.Cli.Verification;

/// <summary>The keys of one institute as a file gives them, led back to a root.</summary>
/// <param name="Keys">The keys in force.</param>
/// <param name="Root">The fingerprint of the root.</param>
/// <param name="RootIsPinned">Whether that root was given by the caller; otherwise it is only what the file says.</param>
internal sealed record InstituteChain(KeyRing Keys, Digest Root, bool RootIsPinned)
{
    /// <summary>Verifies a chain of manifests under a root, or under the one that it names itself.</summary>
    /// <exception cref="LedgerFaultException">It does not verify.</exception>
    public static InstituteChain Verify(InstituteId institute, Digest? root, IReadOnlyList<SignedBytes> manifests)
    {
        if (manifests.Count == 0 || !Manifest.TryDecode(manifests[0].Payload.Span, out var first, out _))
            throw new LedgerFaultException($"The file has no key manifest of {institute}.");
        var fingerprint = root ?? RootFingerprint.Of(first.RootSpki.Span);
        var chain = manifests.Select(manifest => (manifest.Payload.ToByteArray(), manifest.Signature.ToByteArray())).ToList();
        return ManifestChain.TryVerify(institute, fingerprint, chain, SignatureScheme.Ecdsa, out var verified, out var error)
            ? new InstituteChain(verified.Keys, fingerprint, root is not null)
            : throw new LedgerFaultException($"The key manifests of {institute} do not verify. {error}");
    }

    /// <summary>The key that signed, which is an active one of the purpose; null if none did.</summary>
    public KeyId? SignerOf(KeyPurpose purpose, string paeType, SignedBytes? signed) =>
        signed is not null && Keys.Verify(purpose, paeType, signed.Payload.Span, signed.Signature.Span)
            && Signature.TryDecode(signed.Signature.Span, out var signature, out _)
            ? signature.Key
            : null;
}
