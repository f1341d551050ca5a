using System.Buffers.Binary;
using Federation.Protocol.Records;

namespace Federation.Protocol.Heads;

/// <summary>
/// One entry of a ledger as the tree hashes it: <c>ver u8 = 1 | op u8 | seq u64 | origin16 | rid16 | vrev u32 | stmt_hash32</c>,
/// 78 bytes, big-endian.
/// </summary>
/// <param name="Operation">What the entry does.</param>
/// <param name="Seq">The entry's position in the ledger, from 0 without gaps.</param>
/// <param name="Origin">The institute that wrote the record.</param>
/// <param name="Record">The record.</param>
/// <param name="Vrev">The revision as this partner sees it, from 1, dense within the ledger.</param>
/// <param name="StatementHash">SHA-256 of the statement; zero for all but <see cref="LedgerOperation.Disclose"/>.</param>
public readonly record struct Leaf(
    LedgerOperation Operation, ulong Seq, InstituteId Origin, RecordId Record, uint Vrev, Digest StatementHash)
{
    /// <summary>The size of a leaf on the wire, in bytes.</summary>
    public const int SizeBytes = 78;

    private const byte Version = 1;

    /// <summary>Reads the first 78 bytes of <paramref name="source"/>; false, with a sentence in <paramref name="error"/>, unless a valid leaf.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out Leaf leaf, out string error)
    {
        leaf = default;
        if (source.Length < SizeBytes)
            return Refuse("A leaf is 78 bytes.", out error);
        if (source[0] != Version)
            return Refuse($"Leaf version {source[0]} is not known.", out error);
        var operation = (LedgerOperation)source[1];
        if (operation is not (LedgerOperation.Disclose or LedgerOperation.Withdraw or LedgerOperation.Erase))
            return Refuse($"Operation {source[1]} is not known.", out error);
        if (!InstituteId.TryRead(source[10..], out var origin))
            return Refuse("The leaf's origin is not an institute id.", out error);
        var vrev = BinaryPrimitives.ReadUInt32BigEndian(source[42..]);
        if (vrev == 0)
            return Refuse("A leaf's vrev starts at 1.", out error);
        var statementHash = Digest.Read(source[46..]);
        if (statementHash.IsZero == (operation == LedgerOperation.Disclose))
            return Refuse("A leaf names a statement if and only if it discloses.", out error);
        var seq = BinaryPrimitives.ReadUInt64BigEndian(source[2..]);
        leaf = new Leaf(operation, seq, origin, RecordId.Read(source[26..]), vrev, statementHash);
        error = "";
        return true;
    }

    /// <summary>Writes the 78 bytes to the start of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is shorter than 78 bytes.</exception>
    public void Write(Span<byte> destination)
    {
        StatementHash.Write(destination[46..]);
        destination[0] = Version;
        destination[1] = (byte)Operation;
        BinaryPrimitives.WriteUInt64BigEndian(destination[2..], Seq);
        Origin.Write(destination[10..]);
        Record.Write(destination[26..]);
        BinaryPrimitives.WriteUInt32BigEndian(destination[42..], Vrev);
    }

    /// <summary>Copies the 78 bytes to a new array.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[SizeBytes];
        Write(bytes);
        return bytes;
    }

    /// <summary>The leaf's hash in the tree of its ledger: <c>SHA-256(0x00 | ledger_id16 | leaf)</c>, so that a leaf fits no other ledger.</summary>
    public Digest Hash(LedgerId ledger)
    {
        Span<byte> buffer = stackalloc byte[1 + LedgerId.SizeBytes + SizeBytes];
        buffer[0] = 0x00;
        ledger.Write(buffer[1..]);
        Write(buffer[(1 + LedgerId.SizeBytes)..]);
        return Digest.Sha256(buffer);
    }

    private static bool Refuse(string reason, out string error)
    {
        error = reason;
        return false;
    }
}
