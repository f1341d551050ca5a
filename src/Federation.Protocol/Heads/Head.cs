using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Federation.Protocol.Records;

namespace Federation.Protocol.Heads;

/// <summary>
/// The state of a ledger as its originator signs it: <c>ledger_id16 | incarnation u32 | size u64 | root32 | time_ms u64 | flags u8 |
/// manifest_no u32 | live_count u64 | live_digest32</c>, 113 bytes, big-endian; flags bit 0 is TIP, the others are zero.
/// </summary>
/// <param name="Ledger">The ledger.</param>
/// <param name="Incarnation">The ledger's life; a new one starts only after a signed reset.</param>
/// <param name="Size">The number of entries.</param>
/// <param name="Root">The root of the tree over them.</param>
/// <param name="TimeMs">When it was signed, in milliseconds since the Unix epoch; never decreases within a ledger, and orders nothing.</param>
/// <param name="Tip">Whether the originator had nothing more to disclose. Only then are live count and digest given.</param>
/// <param name="ManifestNo">The number of the originator's key manifest when it signed.</param>
/// <param name="LiveCount">At the tip the number of live records, else 0.</param>
/// <param name="LiveDigest">At the tip the digest of the live set (<see cref="LiveSet"/>), else zero.</param>
public sealed record Head(
    LedgerId Ledger, uint Incarnation, ulong Size, Digest Root, long TimeMs, bool Tip, uint ManifestNo, ulong LiveCount, Digest LiveDigest)
{
    /// <summary>The size of a head on the wire, in bytes.</summary>
    public const int SizeBytes = 113;

    /// <summary>The type under which a head is signed (DSSE pre-authentication encoding).</summary>
    public const string PaeType = "federation/head.v1";

    private const byte TipFlag = 1;

    /// <summary>Decodes exactly 113 bytes; false, with a sentence in <paramref name="error"/>, for anything malformed.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Head? head, out string error)
    {
        head = null;
        if (bytes.Length != SizeBytes)
            return Refuse("A head is 113 bytes.", out error);
        var flags = bytes[68];
        if ((flags & ~TipFlag) != 0)
            return Refuse("The head has flags that are not known.", out error);
        var decoded = new Head(
            LedgerId.Read(bytes),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[20..]),
            Digest.Read(bytes[28..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[60..]),
            (flags & TipFlag) != 0,
            BinaryPrimitives.ReadUInt32BigEndian(bytes[69..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[73..]),
            Digest.Read(bytes[81..]));
        if (decoded.TimeMs < 0 || decoded.Size > long.MaxValue)
            return Refuse("A head's time and size are below 2^63.", out error);
        if (!decoded.Tip && (decoded.LiveCount != 0 || !decoded.LiveDigest.IsZero))
            return Refuse("A head off the tip gives no live count and digest.", out error);
        if (decoded.LiveCount > decoded.Size)
            return Refuse("A head counts more live records than entries.", out error);
        head = decoded;
        error = "";
        return true;
    }

    /// <summary>The head's 113 bytes.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[SizeBytes];
        var span = bytes.AsSpan();
        Ledger.Write(span);
        BinaryPrimitives.WriteUInt32BigEndian(span[16..], Incarnation);
        BinaryPrimitives.WriteUInt64BigEndian(span[20..], Size);
        Root.Write(span[28..]);
        BinaryPrimitives.WriteInt64BigEndian(span[60..], TimeMs);
        span[68] = Tip ? TipFlag : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(span[69..], ManifestNo);
        BinaryPrimitives.WriteUInt64BigEndian(span[73..], LiveCount);
        LiveDigest.Write(span[81..]);
        return bytes;
    }

    private static bool Refuse(string reason, out string error)
    {
        error = reason;
        return false;
    }
}
