using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Federation.Protocol.Records;

namespace Federation.Protocol.Heads;

/// <summary>
/// An institute's declaration, signed by its root, that a ledger begins anew: <c>origin16 | ledger_id16 | old_incarnation u32 | old_size u64 |
/// old_root32 | new_incarnation u32 | time_ms u64 | reason u8 | len u16 | text</c>, big-endian, the text in UTF-8. The follower goes on only
/// when its operator accepts it; what the old incarnation disclosed keeps its meaning, and the reset is shown for ever.
/// </summary>
/// <param name="Origin">The institute whose ledger it is.</param>
/// <param name="Ledger">The ledger; its id stays.</param>
/// <param name="OldIncarnation">The life that ends.</param>
/// <param name="OldSize">The size of the last head of that life that is known; 0 if none is.</param>
/// <param name="OldRoot">The root of that head; zero if none is known.</param>
/// <param name="NewIncarnation">The life that begins, above the old one.</param>
/// <param name="TimeMs">When it was signed, in milliseconds since the Unix epoch.</param>
/// <param name="Reason">Why, as a code.</param>
/// <param name="Text">Why, in words: 1 to 500 bytes of UTF-8 without control characters.</param>
public sealed record LedgerReset(
    InstituteId Origin, LedgerId Ledger, uint OldIncarnation, ulong OldSize, Digest OldRoot, uint NewIncarnation, long TimeMs, LedgerResetReason Reason, string Text)
{
    /// <summary>The type under which a reset is signed (DSSE pre-authentication encoding).</summary>
    public const string PaeType = "federation/ledger-reset.v1";

    /// <summary>The largest text, in bytes.</summary>
    public const int MaxTextBytes = 500;

    private const int FixedBytes = 91;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes a whole reset; false, with a sentence in <paramref name="error"/>, for anything malformed.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out LedgerReset? reset, out string error)
    {
        reset = null;
        if (bytes.Length < FixedBytes || bytes.Length != FixedBytes + BinaryPrimitives.ReadUInt16BigEndian(bytes[(FixedBytes - 2)..]))
            return Refuse("A reset is 91 bytes and its text.", out error);
        if (!InstituteId.TryRead(bytes, out var origin))
            return Refuse("The reset names no institute.", out error);
        string text;
        try
        {
            text = Utf8.GetString(bytes[FixedBytes..]);
        }
        catch (DecoderFallbackException)
        {
            return Refuse("The reset's text is not UTF-8.", out error);
        }

        var decoded = new LedgerReset(
            origin,
            LedgerId.Read(bytes[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[32..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[36..]),
            Digest.Read(bytes[44..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[76..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[80..]),
            (LedgerResetReason)bytes[88],
            text);
        if (decoded.Refusal() is { } refusal)
            return Refuse(refusal, out error);
        reset = decoded;
        error = "";
        return true;
    }

    /// <summary>What is wrong with the fields; null if nothing is.</summary>
    public string? Refusal()
    {
        if (OldIncarnation == 0 || NewIncarnation <= OldIncarnation)
            return "A reset leads from one incarnation to a higher one.";
        if (TimeMs < 0 || OldSize > long.MaxValue)
            return "A reset's time and size are below 2^63.";
        if ((OldSize == 0) != OldRoot.IsZero)
            return "A reset names the last head by size and root, or neither.";
        if (Reason > LedgerResetReason.Forked)
            return "The reset's reason is not known.";
        if (Text.Length == 0 || Utf8.GetByteCount(Text) > MaxTextBytes || Text.Any(char.IsControl))
            return $"A reset's text has 1 to {MaxTextBytes} bytes and no control characters.";
        return null;
    }

    /// <summary>The reset's bytes.</summary>
    public byte[] Encode()
    {
        var text = Utf8.GetBytes(Text);
        var bytes = new byte[FixedBytes + text.Length];
        var span = bytes.AsSpan();
        Origin.Write(span);
        Ledger.Write(span[16..]);
        BinaryPrimitives.WriteUInt32BigEndian(span[32..], OldIncarnation);
        BinaryPrimitives.WriteUInt64BigEndian(span[36..], OldSize);
        OldRoot.Write(span[44..]);
        BinaryPrimitives.WriteUInt32BigEndian(span[76..], NewIncarnation);
        BinaryPrimitives.WriteInt64BigEndian(span[80..], TimeMs);
        span[88] = (byte)Reason;
        BinaryPrimitives.WriteUInt16BigEndian(span[(FixedBytes - 2)..], checked((ushort)text.Length));
        text.CopyTo(span[FixedBytes..]);
        return bytes;
    }

    private static bool Refuse(string reason, out string error)
    {
        error = reason;
        return false;
    }
}
