namespace Federation.Protocol.Keys;

/// <summary>How a key signs. The values are those of the wire; others are reserved for later algorithms.</summary>
public enum SignatureAlgorithm : byte
{
    /// <summary>No algorithm; never on the wire.</summary>
    None = 0,

    /// <summary>ECDSA on P-256 with SHA-256 (FIPS 186-5): heads, statements, receipts.</summary>
    EcdsaP256Sha256 = 1,

    /// <summary>ECDSA on P-384 with SHA-384 (FIPS 186-5): the root.</summary>
    EcdsaP384Sha384 = 2,
}
