using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Federation.Protocol.Records;

namespace Federation.Protocol.Heads;

/// <summary>
/// A follower's countersignature of what it holds durably: <c>ledger_id16 | incarnation u32 | size u64 | root32 | time_ms u64 |
/// live_digest32</c>, 100 bytes, big-endian.
/// </summary>
/// <param name="Ledger">The ledger.</param>
/// <param name="Incarnation">The ledger's life.</param>
/// <param name="Size">The number of entries that were durable at the follower before it signed.</param>
/// <param name="Root">The root of the tree over them.</param>
/// <param name="TimeMs">When it was signed, in milliseconds since the Unix epoch.</param>
/// <param name="LiveDigest">The digest of the follower's live set at a tip, else zero.</param>
public sealed record Receipt(LedgerId Ledger, uint Incarnation, ulong Size, Digest Root, long TimeMs, Digest LiveDigest)
{
    /// <summary>The size of a receipt on the wire, in bytes.</summary>
    public const int SizeBytes = 100;

    /// <summary>The type under which a receipt is signed (DSSE pre-authentication encoding).</summary>
    public const string PaeType = "federation/receipt.v1";

    /// <summary>Decodes exactly 100 bytes; false, with a sentence in <paramref name="error"/>, for anything malformed.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Receipt? receipt, out string error)
    {
        receipt = null;
        if (bytes.Length != SizeBytes)
        {
            error = "A receipt is 100 bytes.";
            return false;
        }
        var decoded = new Receipt(
            LedgerId.Read(bytes),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[20..]),
            Digest.Read(bytes[28..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[60..]),
            Digest.Read(bytes[68..]));
        if (decoded.TimeMs < 0 || decoded.Size > long.MaxValue)
        {
            error = "A receipt's time and size are below 2^63.";
            return false;
        }
        receipt = decoded;
        error = "";
        return true;
    }

    /// <summary>The receipt's 100 bytes.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[SizeBytes];
        var span = bytes.AsSpan();
        Ledger.Write(span);
        BinaryPrimitives.WriteUInt32BigEndian(span[16..], Incarnation);
        BinaryPrimitives.WriteUInt64BigEndian(span[20..], Size);
        Root.Write(span[28..]);
        BinaryPrimitives.WriteInt64BigEndian(span[60..], TimeMs);
        LiveDigest.Write(span[68..]);
        return bytes;
    }
}
