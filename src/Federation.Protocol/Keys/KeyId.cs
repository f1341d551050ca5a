using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Federation.Protocol.Keys;

/// <summary>Names a public key: the first 16 bytes of SHA-256 over its SubjectPublicKeyInfo. Its text form is 32 lower-case hexadecimal digits.</summary>
/// <param name="Value">The id as a number, most significant byte first.</param>
public readonly record struct KeyId(UInt128 Value)
{
    /// <summary>The size of a key id on the wire, in bytes.</summary>
    public const int SizeBytes = 16;

    /// <summary>The id of a public key, given as DER SubjectPublicKeyInfo (RFC 5280).</summary>
    public static KeyId Of(ReadOnlySpan<byte> spki)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(spki, hash);
        return Read(hash);
    }

    /// <summary>Reads the first 16 bytes of <paramref name="source"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="source"/> is shorter than 16 bytes.</exception>
    public static KeyId Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt128BigEndian(source));

    /// <summary>Writes the 16 bytes to the start of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <summary>The text form.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        Write(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
