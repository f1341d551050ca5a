namespace Federation.Protocol.Keys;

/// <summary>
/// The SubjectPublicKeyInfo forms that the protocol knows: uncompressed points on named curves, in the one DER encoding they have
/// (RFC 5480). Any other encoding of the same key is refused, so that a key has one id.
/// </summary>
public static class SubjectPublicKey
{
    private static ReadOnlySpan<byte> P256Prefix =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
        0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ];

    private static ReadOnlySpan<byte> P384Prefix =>
    [
        0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
        0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00, 0x04,
    ];

    /// <summary>The algorithm that a key signs with; false for a key that the protocol does not know. The point itself is not checked.</summary>
    public static bool TryGetAlgorithm(ReadOnlySpan<byte> spki, out SignatureAlgorithm algorithm)
    {
        algorithm = SignatureAlgorithm.None;
        if (spki.Length == P256Prefix.Length + 64 && spki.StartsWith(P256Prefix))
            algorithm = SignatureAlgorithm.EcdsaP256Sha256;
        else if (spki.Length == P384Prefix.Length + 96 && spki.StartsWith(P384Prefix))
            algorithm = SignatureAlgorithm.EcdsaP384Sha384;
        return algorithm != SignatureAlgorithm.None;
    }

    /// <summary>The SubjectPublicKeyInfo of a point, given as x and y of 32 bytes each (P-256) or 48 (P-384).</summary>
    /// <exception cref="ArgumentException">The algorithm is not known, or the point's length is not its.</exception>
    public static byte[] Encode(SignatureAlgorithm algorithm, ReadOnlySpan<byte> point)
    {
        byte[] spki = algorithm switch
        {
            SignatureAlgorithm.EcdsaP256Sha256 => [.. P256Prefix, .. point],
            SignatureAlgorithm.EcdsaP384Sha384 => [.. P384Prefix, .. point],
            _ => [],
        };
        return TryGetAlgorithm(spki, out _) ? spki : throw new ArgumentException("Not a point of this algorithm's curve.", nameof(point));
    }
}
