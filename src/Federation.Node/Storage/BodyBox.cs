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
    private const int HeaderSizeBytes = NonceSizeBytes + 4;
    private const int AssociatedSizeBytes = InstituteId.SizeBytes + RecordId.SizeBytes + 8;

    /// <summary>Seals openings and local handling of one version of a record.</summary>
    public static byte[] Seal(
        ReadOnlySpan<byte> dataKey, EntropySource entropy, RecordName name, int version, ReadOnlySpan<byte> openings, ReadOnlySpan<byte> local)
    {
        var plainLength = openings.Length + local.Length;
        var box = new byte[HeaderSizeBytes + plainLength + TagSizeBytes];
        entropy(box.AsSpan(0, NonceSizeBytes));
        BinaryPrimitives.WriteInt32BigEndian(box.AsSpan(NonceSizeBytes), openings.Length);
        // Openings are encrypted from where they lie; only local handling, which received records do not have, makes a copy necessary.
        ReadOnlySpan<byte> plain = local.IsEmpty ? openings : [.. openings, .. local];
        Span<byte> associated = stackalloc byte[AssociatedSizeBytes];
        WriteAssociated(associated, name, version, openings.Length);
        using var aes = new AesGcm(dataKey, TagSizeBytes);
        aes.Encrypt(box.AsSpan(0, NonceSizeBytes), plain, box.AsSpan(HeaderSizeBytes, plainLength), box.AsSpan(HeaderSizeBytes + plainLength), associated);
        return box;
    }

    /// <summary>Opens a box; a wrong key, name or version, or a flipped bit, is a fault of the store.</summary>
    public static (ReadOnlyMemory<byte> Openings, ReadOnlyMemory<byte> Local) Open(
        ReadOnlySpan<byte> dataKey, RecordName name, int version, ReadOnlySpan<byte> box)
    {
        if (box.Length < HeaderSizeBytes + TagSizeBytes)
            throw new StoreFaultException("a record's body is cut short");
        var plain = new byte[box.Length - HeaderSizeBytes - TagSizeBytes];
        var length = BinaryPrimitives.ReadInt32BigEndian(box[NonceSizeBytes..]);
        Span<byte> associated = stackalloc byte[AssociatedSizeBytes];
        WriteAssociated(associated, name, version, length);
        using var aes = new AesGcm(dataKey, TagSizeBytes);
        try
        {
            aes.Decrypt(box[..NonceSizeBytes], box.Slice(HeaderSizeBytes, plain.Length), box[^TagSizeBytes..], plain, associated);
        }
        catch (AuthenticationTagMismatchException fault)
        {
            throw new StoreFaultException("a record's body does not match its key", fault);
        }

        return (plain.AsMemory(0, length), plain.AsMemory(length));
    }

    private static void WriteAssociated(Span<byte> associated, RecordName name, int version, int openingsLength)
    {
        name.Origin.Write(associated);
        name.Id.Write(associated[InstituteId.SizeBytes..]);
        BinaryPrimitives.WriteInt32BigEndian(associated[(InstituteId.SizeBytes + RecordId.SizeBytes)..], version);
        BinaryPrimitives.WriteInt32BigEndian(associated[(InstituteId.SizeBytes + RecordId.SizeBytes + 4)..], openingsLength);
    }
}
