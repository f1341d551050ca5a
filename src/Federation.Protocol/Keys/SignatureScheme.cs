using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Federation.Protocol.Keys;

/// <summary>How public keys verify: real ECDSA, or what a simulation puts in its place. Immutable and safe for concurrent use.</summary>
public sealed class SignatureScheme
{
    private readonly Func<SignatureAlgorithm, ReadOnlyMemory<byte>, MessageVerifier?> _import;

    /// <summary>Creates a scheme from a function that turns a SubjectPublicKeyInfo into its verifier; null for a key that is not valid.</summary>
    public SignatureScheme(Func<SignatureAlgorithm, ReadOnlyMemory<byte>, MessageVerifier?> import) => _import = import;

    /// <summary>ECDSA as .NET has it.</summary>
    public static SignatureScheme Ecdsa { get; } = new(ImportEcdsa);

    /// <summary>
    /// Whether an encoded <see cref="Signature"/> over a payload is by the one key given, which is imported anew each time. For many
    /// signatures by a key use a <see cref="KeyRing"/>.
    /// </summary>
    public bool Verify(ReadOnlyMemory<byte> spki, string paeType, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signatureFrame) =>
        Signature.TryDecode(signatureFrame, out var signature, out _)
        && SubjectPublicKey.TryGetAlgorithm(spki.Span, out var algorithm)
        && signature.Algorithm == algorithm
        && signature.Key == KeyId.Of(spki.Span)
        && Import(algorithm, spki) is { } verify
        && verify(Pae.Encode(paeType, payload), signature.Value.Span);

    /// <summary>The verifier of a key; null if the key is not valid. Costly, so a ring keeps it.</summary>
    internal MessageVerifier? Import(SignatureAlgorithm algorithm, ReadOnlyMemory<byte> spki) => _import(algorithm, spki);

    private static MessageVerifier? ImportEcdsa(SignatureAlgorithm algorithm, ReadOnlyMemory<byte> spki)
    {
        var hash = algorithm == SignatureAlgorithm.EcdsaP384Sha384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
        if (TryImport(spki.Span) is not { } first)
            return null;
        // An ECDsa instance is not safe for concurrent use; each caller borrows one, and there are as many as ever ran at once.
        var idle = new ConcurrentBag<ECDsa> { first };
        return (message, signature) =>
        {
            if (!idle.TryTake(out var key) && (key = TryImport(spki.Span)) is null)
                return false;
            var valid = key.VerifyData(message, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            idle.Add(key);
            return valid;
        };
    }

    private static ECDsa? TryImport(ReadOnlySpan<byte> spki)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(spki, out _);
            return key;
        }
        catch (CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }
}
