using System.Buffers.Binary;
using System.Security.Cryptography;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>
/// Seals a record's openings and local handling under its data key (AES-256-GCM), so that destroying the key destroys the content
/// wherever a copy of the box may lie. The data key serves erasure; it does not protect a stolen disk, on which it lies beside the box.
/// </summary>
internal static class BodyBox
{
    /// <summary>The size of a data key, in bytes.</summary>
    public const int KeySizeBytes = 32;

    private const int NonceSizeBytes = 12;
    private const int TagSizeBytes = 16;
    private const int LengthSizeBytes = 4;

    /// <summary>Seals openings and local handling of one version of a record.</summary>
    public static byte[] Seal(
        ReadOnlySpan<byte> dataKey, EntropySource entropy, RecordName name, int version, ReadOnlySpan<byte> openings, ReadOnlySpan<byte> local)
    {
        var plain = new byte[LengthSizeBytes + openings.Length + local.Length];
        BinaryPrimitives.WriteInt32BigEndian(plain, openings.Length);
        openings.CopyTo(plain.AsSpan(LengthSizeBytes));
        local.CopyTo(plain.AsSpan(LengthSizeBytes + openings.Length));

        var box = new byte[NonceSizeBytes + plain.Length + TagSizeBytes];
        var nonce = box.AsSpan(0, NonceSizeBytes);
        entropy(nonce);
        Span<byte> associated = stackalloc byte[InstituteId.SizeBytes + RecordId.SizeBytes + 4];
        WriteAssociated(associated, name, version);
        using var aes = new AesGcm(dataKey, TagSizeBytes);
        aes.Encrypt(nonce, plain, box.AsSpan(NonceSizeBytes, plain.Length), box.AsSpan(NonceSizeBytes + plain.Length), associated);
        return box;
    }

    /// <summary>Opens a box; a wrong key, name or version, or a flipped bit, is a fault of the store.</summary>
    public static (ReadOnlyMemory<byte> Openings, ReadOnlyMemory<byte> Local) Open(ReadOnlySpan<byte> dataKey, RecordName name, int version, ReadOnlySpan<byte> box)
    {
        if (box.Length < NonceSizeBytes + LengthSizeBytes + TagSizeBytes)
            throw new StoreFaultException("a record's body is cut short");
        var plain = new byte[box.Length - NonceSizeBytes - TagSizeBytes];
        Span<byte> associated = stackalloc byte[InstituteId.SizeBytes + RecordId.SizeBytes + 4];
        WriteAssociated(associated, name, version);
        using var aes = new AesGcm(dataKey, TagSizeBytes);
        try
        {
            aes.Decrypt(box[..NonceSizeBytes], box.Slice(NonceSizeBytes, plain.Length), box[^TagSizeBytes..], plain, associated);
        }
        catch (AuthenticationTagMismatchException fault)
        {
            throw new StoreFaultException("a record's body does not match its key", fault);
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(plain);
        return (plain.AsMemory(LengthSizeBytes, length), plain.AsMemory(LengthSizeBytes + length));
    }

    private static void WriteAssociated(Span<byte> associated, RecordName name, int version)
    {
        name.Origin.Write(associated);
        name.Id.Write(associated[InstituteId.SizeBytes..]);
        BinaryPrimitives.WriteInt32BigEndian(associated[(InstituteId.SizeBytes + RecordId.SizeBytes)..], version);
    }
}
