using System.Security.Cryptography;

namespace Federation.Protocol.Keys;

/// <summary>
/// The one place where anything is signed: a private key, or a delegate in its place. Safe for concurrent use.
/// </summary>
public sealed class SigningKey : IDisposable
{
    private readonly MessageSigner _sign;
    private readonly IDisposable? _owned;

    /// <summary>Creates a key whose private half is elsewhere: in an HSM, or nowhere, in a simulation.</summary>
    /// <param name="spki">The public key, as DER SubjectPublicKeyInfo.</param>
    /// <param name="sign">Answers r and s; must be safe for concurrent use.</param>
    /// <exception cref="ArgumentException">The public key is of no known algorithm.</exception>
    public SigningKey(byte[] spki, MessageSigner sign)
        : this(spki, sign, null)
    {
    }

    private SigningKey(byte[] spki, MessageSigner sign, IDisposable? owned)
    {
        if (!SubjectPublicKey.TryGetAlgorithm(spki, out var algorithm))
            throw new ArgumentException("The key is not an ECDSA key on P-256 or P-384.", nameof(spki));
        Spki = spki;
        Algorithm = algorithm;
        KeyId = KeyId.Of(spki);
        _sign = sign;
        _owned = owned;
    }

    /// <summary>The public key's id, which every signature names.</summary>
    public KeyId KeyId { get; }

    /// <summary>The public key, as DER SubjectPublicKeyInfo.</summary>
    public byte[] Spki { get; }

    /// <summary>How the key signs.</summary>
    public SignatureAlgorithm Algorithm { get; }

    /// <summary>Reads an unencrypted PKCS#8 private key (RFC 7468, label <c>PRIVATE KEY</c>).</summary>
    /// <exception cref="ArgumentException">The text is not such a key, or not on P-256 or P-384.</exception>
    public static SigningKey FromPem(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            if (!PemEncoding.TryFind(pem, out var fields) || !pem.AsSpan()[fields.Label].SequenceEqual("PRIVATE KEY"))
                throw new ArgumentException("The text is not an unencrypted PKCS#8 private key.", nameof(pem));
            key.ImportFromPem(pem);
            return FromKey(key);
        }
        catch (CryptographicException error)
        {
            key.Dispose();
            throw new ArgumentException("The text is not an ECDSA private key.", nameof(pem), error);
        }
        catch (ArgumentException)
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Takes ownership of a private key.</summary>
    /// <exception cref="ArgumentException">The key is not on P-256 or P-384.</exception>
    public static SigningKey FromKey(ECDsa key)
    {
        var spki = key.ExportSubjectPublicKeyInfo();
        var hash = SubjectPublicKey.TryGetAlgorithm(spki, out var algorithm) && algorithm == SignatureAlgorithm.EcdsaP384Sha384
            ? HashAlgorithmName.SHA384
            : HashAlgorithmName.SHA256;
        return new SigningKey(spki, Sign, key);

        byte[] Sign(ReadOnlySpan<byte> message)
        {
            // ECDsa instances promise nothing about concurrent use; uncontended, the lock is far below the signature's cost.
            lock (key)
                return key.SignData(message, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    /// <summary>Signs a payload under a type and answers the encoded <see cref="Signature"/>.</summary>
    /// <exception cref="CryptographicException">The private key cannot be used.</exception>
    public byte[] Sign(string paeType, ReadOnlySpan<byte> payload)
    {
        var value = _sign(Pae.Encode(paeType, payload));
        if (value.Length != Signature.ValueSizeBytes(Algorithm))
            throw new CryptographicException("The signer answered a signature of a wrong length.");
        return new Signature(Algorithm, KeyId, value).Encode();
    }

    /// <summary>
    /// Signs the text of a C2SP signed note, which is signed as it is, and answers r and s. A text that begins like a pre-authentication
    /// encoding is refused, so that no note is ever one of the objects that are signed under a type.
    /// </summary>
    /// <exception cref="ArgumentException">The text begins like a pre-authentication encoding.</exception>
    /// <exception cref="CryptographicException">The private key cannot be used.</exception>
    public byte[] SignNote(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith(Pae.Start))
            throw new ArgumentException("A note does not begin like a pre-authentication encoding.", nameof(text));
        var value = _sign(text);
        return value.Length == Signature.ValueSizeBytes(Algorithm)
            ? value
            : throw new CryptographicException("The signer answered a signature of a wrong length.");
    }

    /// <summary>Releases the private key.</summary>
    public void Dispose() => _owned?.Dispose();
}
