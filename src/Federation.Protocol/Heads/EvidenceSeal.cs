using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Federation.Protocol.Records;

namespace Federation.Protocol.Heads;

/// <summary>
/// The signature of the institute that made an evidence bundle, under every byte before it: <c>"FED-SEAL/1" | ledger_id16 | incarnation u32 |
/// entries u64 | time_ms u64 | digest32</c>, 78 bytes, big-endian. What the head does not authenticate is thereby the signer's word.
/// </summary>
/// <param name="Ledger">The ledger.</param>
/// <param name="Incarnation">The ledger's life.</param>
/// <param name="Entries">The number of entries that the file shows.</param>
/// <param name="TimeMs">When it was made, in milliseconds since the Unix epoch.</param>
/// <param name="Digest">SHA-256 of all bytes of the file before the piece that holds the seal.</param>
public sealed record EvidenceSeal(LedgerId Ledger, uint Incarnation, ulong Entries, long TimeMs, Digest Digest)
{
    /// <summary>The size of a seal on the wire, in bytes.</summary>
    public const int SizeBytes = 78;

    /// <summary>The type under which a seal is signed (DSSE pre-authentication encoding).</summary>
    public const string PaeType = "federation/evidence.v1";

    private static ReadOnlySpan<byte> Prefix => "FED-SEAL/1"u8;

    /// <summary>Decodes exactly 78 bytes; false, with a sentence in <paramref name="error"/>, for anything malformed.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out EvidenceSeal? seal, out string error)
    {
        seal = null;
        error = "A seal is FED-SEAL/1 and 68 bytes, and its time is below 2^63.";
        if (bytes.Length != SizeBytes || !bytes.StartsWith(Prefix) || bytes[38] > sbyte.MaxValue)
            return false;
        seal = new EvidenceSeal(
            LedgerId.Read(bytes[10..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[26..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[30..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[38..]),
            Digest.Read(bytes[46..]));
        error = "";
        return true;
    }

    /// <summary>The seal's 78 bytes.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[SizeBytes];
        var span = bytes.AsSpan();
        Prefix.CopyTo(span);
        Ledger.Write(span[10..]);
        BinaryPrimitives.WriteUInt32BigEndian(span[26..], Incarnation);
        BinaryPrimitives.WriteUInt64BigEndian(span[30..], Entries);
        BinaryPrimitives.WriteInt64BigEndian(span[38..], TimeMs);
        Digest.Write(span[46..]);
        return bytes;
    }
}
