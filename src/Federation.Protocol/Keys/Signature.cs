namespace Federation.Protocol.Keys;

/// <summary>A signature as it travels: <c>alg u8 | key16 | r | s</c>, r and s of the curve's size (IEEE P1363).</summary>
/// <param name="Algorithm">What the signer says it used; a verifier holds it against the manifest.</param>
/// <param name="Key">The signing key.</param>
/// <param name="Value">r and s: 64 bytes for P-256, 96 for P-384.</param>
public readonly record struct Signature(SignatureAlgorithm Algorithm, KeyId Key, ReadOnlyMemory<byte> Value)
{
    /// <summary>The bytes before r and s.</summary>
    public const int HeaderSizeBytes = 17;

    /// <summary>The most bytes an encoded signature has.</summary>
    public const int MaxSizeBytes = HeaderSizeBytes + 96;

    /// <summary>The size of r and s together, in bytes; 0 for an algorithm that is not known.</summary>
    public static int ValueSizeBytes(SignatureAlgorithm algorithm) => algorithm switch
    {
        SignatureAlgorithm.EcdsaP256Sha256 => 64,
        SignatureAlgorithm.EcdsaP384Sha384 => 96,
        _ => 0,
    };

    /// <summary>Decodes exactly <paramref name="bytes"/>; false, with a sentence in <paramref name="error"/>, for anything malformed.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out Signature signature, out string error)
    {
        signature = default;
        if (bytes.Length < HeaderSizeBytes)
        {
            error = "A signature has at least 17 bytes.";
            return false;
        }
        var algorithm = (SignatureAlgorithm)bytes[0];
        var valueSizeBytes = ValueSizeBytes(algorithm);
        if (valueSizeBytes == 0 || bytes.Length != HeaderSizeBytes + valueSizeBytes)
        {
            error = "The signature's algorithm is not known, or its length is not the algorithm's.";
            return false;
        }
        signature = new Signature(algorithm, KeyId.Read(bytes[1..]), bytes[HeaderSizeBytes..].ToArray());
        error = "";
        return true;
    }

    /// <summary>The signature's bytes.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[HeaderSizeBytes + Value.Length];
        bytes[0] = (byte)Algorithm;
        Key.Write(bytes.AsSpan(1));
        Value.Span.CopyTo(bytes.AsSpan(HeaderSizeBytes));
        return bytes;
    }
}
