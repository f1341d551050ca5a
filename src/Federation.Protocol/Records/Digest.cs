using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Federation.Protocol.Records;

/// <summary>A SHA-256 value: 32 bytes, compared and stored by value.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
public readonly record struct Digest
{
    /// <summary>The size of a digest on the wire, in bytes.</summary>
    public const int SizeBytes = 32;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    /// <summary>32 zero bytes: what stands where the protocol asks for a digest and there is nothing to digest.</summary>
    public static Digest Zero => default;

    /// <summary>Whether all 32 bytes are zero.</summary>
    public bool IsZero => (_first | _second | _third | _fourth) == 0;

    /// <summary>Reads the first 32 bytes of <paramref name="source"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="source"/> is shorter than 32 bytes.</exception>
    public static Digest Read(ReadOnlySpan<byte> source) => MemoryMarshal.Read<Digest>(source);

    /// <summary>Reads 64 hexadecimal digits, of either case, and nothing else.</summary>
    public static bool TryParse(string? text, out Digest digest)
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        digest = default;
        if (!HexText.TryDecode(text, bytes))
            return false;
        digest = Read(bytes);
        return true;
    }

    /// <summary>Computes the SHA-256 value of <paramref name="bytes"/> (FIPS 180-4).</summary>
    public static Digest Sha256(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SizeBytes];
        SHA256.HashData(bytes, hash);
        return Read(hash);
    }

    /// <summary>Writes the 32 bytes to the start of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is shorter than 32 bytes.</exception>
    public void Write(Span<byte> destination) => MemoryMarshal.Write(destination, in this);

    /// <summary>Copies the 32 bytes to a new array.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[SizeBytes];
        Write(bytes);
        return bytes;
    }

    /// <summary>The digest as 64 lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        Write(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
