using System.Buffers;
using System.Buffers.Binary;
using Federation.Protocol.Records;

namespace Federation.Protocol.Statements;

/// <summary>
/// The salted commitment to a part's value: <c>SHA-256(0x10 | origin16 | rid16 | part u64 | changed_ms u64 | salt16 | len u32 | value)</c>.
/// It binds the value to its record, part and time, and says nothing about the value to whoever lacks the salt.
/// </summary>
public static class PartCommitment
{
    private const byte Prefix = 0x10;
    private const int HeaderSizeBytes = 69;
    private const int StackSizeBytes = 1024;

    /// <summary>Computes the commitment; <paramref name="changedMs"/> is in milliseconds since the Unix epoch.</summary>
    public static Digest Compute(InstituteId origin, RecordId record, ulong part, long changedMs, UInt128 salt, ReadOnlySpan<byte> value)
    {
        var size = HeaderSizeBytes + value.Length;
        if (size <= StackSizeBytes)
            return Compute(origin, record, part, changedMs, salt, value, stackalloc byte[size]);
        // One copy into a pooled buffer beats an incremental hash, which costs two native objects a part.
        var rented = ArrayPool<byte>.Shared.Rent(size);
        var commitment = Compute(origin, record, part, changedMs, salt, value, rented.AsSpan(0, size));
        ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return commitment;
    }

    private static Digest Compute(
        InstituteId origin, RecordId record, ulong part, long changedMs, UInt128 salt, ReadOnlySpan<byte> value, Span<byte> buffer)
    {
        buffer[0] = Prefix;
        origin.Write(buffer[1..]);
        record.Write(buffer[17..]);
        BinaryPrimitives.WriteUInt64BigEndian(buffer[33..], part);
        BinaryPrimitives.WriteInt64BigEndian(buffer[41..], changedMs);
        BinaryPrimitives.WriteUInt128BigEndian(buffer[49..], salt);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[65..], (uint)value.Length);
        value.CopyTo(buffer[HeaderSizeBytes..]);
        return Digest.Sha256(buffer);
    }
}
