using System.Diagnostics.CodeAnalysis;

namespace Federation.Protocol.Keys;

/// <summary>
/// The active keys of one institute, ready to verify. Purpose and algorithm come from the manifest, never from the message.
/// Immutable and safe for concurrent use; keep one as long as its manifest is the latest, since importing keys is costly.
/// </summary>
public sealed class KeyRing
{
    private readonly Dictionary<KeyId, Entry> _active = [];
    private readonly SignatureScheme _scheme;
    private readonly ReadOnlyMemory<byte> _root;

    /// <summary>Creates the ring of a manifest that was verified.</summary>
    public KeyRing(Manifest manifest, SignatureScheme scheme)
    {
        ManifestNumber = manifest.Number;
        _scheme = scheme;
        _root = manifest.RootSpki;
        foreach (var key in manifest.Keys)
        {
            if (key.State != KeyState.Active || !SubjectPublicKey.TryGetAlgorithm(key.Spki.Span, out var algorithm))
                continue;
            var spki = key.Spki;
            var verifier = new Lazy<MessageVerifier?>(() => scheme.Import(algorithm, spki));
            _active[key.KeyId] = new Entry(key.Purpose, algorithm, spki, verifier);
        }
    }

    /// <summary>The number of the manifest that the keys are from.</summary>
    public uint ManifestNumber { get; }

    /// <summary>
    /// Whether the encoded <see cref="Signature"/> is over this payload and type, by an active key of this purpose. Announced and revoked
    /// keys verify nothing. Never throws.
    /// </summary>
    public bool Verify(KeyPurpose purpose, string paeType, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signatureFrame) =>
        Signature.TryDecode(signatureFrame, out var signature, out _)
        && TryFind(signature.Key, purpose, out var key)
        && key.Algorithm == signature.Algorithm
        && key.Verifier.Value is { } verify
        && verify(Pae.Encode(paeType, payload), signature.Value.Span);

    /// <summary>Whether the encoded <see cref="Signature"/> is over this payload and type, by the root that signed the manifest. Rare, and costly.</summary>
    public bool VerifyByRoot(string paeType, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signatureFrame) =>
        _scheme.Verify(_root, paeType, payload, signatureFrame);

    /// <summary>Whether this is the public key of an active TLS key.</summary>
    public bool IsTlsKey(ReadOnlySpan<byte> spki) =>
        TryFind(KeyId.Of(spki), KeyPurpose.Tls, out var key) && key.Spki.Span.SequenceEqual(spki);

    /// <summary>The public keys of the active TLS keys.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> TlsKeys => _active.Values.Where(key => key.Purpose == KeyPurpose.Tls).Select(key => key.Spki);

    private bool TryFind(KeyId id, KeyPurpose purpose, [NotNullWhen(true)] out Entry? key) =>
        _active.TryGetValue(id, out key) && key.Purpose == purpose;

    private sealed record Entry(KeyPurpose Purpose, SignatureAlgorithm Algorithm, ReadOnlyMemory<byte> Spki, Lazy<MessageVerifier?> Verifier);
}
