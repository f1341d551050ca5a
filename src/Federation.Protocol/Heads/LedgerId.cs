using System.Buffers.Binary;

namespace Federation.Protocol.Heads;

/// <summary>
/// The random 128-bit id of one disclosure ledger: one originator, one partner, one direction. Its text form is 32 lower-case
/// hexadecimal digits.
/// </summary>
/// <param name="Value">The id as a number, most significant byte first.</param>
public readonly record struct LedgerId(UInt128 Value)
{
    /// <summary>The size of a ledger id on the wire, in bytes.</summary>
    public const int SizeBytes = 16;

    /// <summary>Reads 32 hexadecimal digits; false for anything else.</summary>
    public static bool TryParse(string? text, out LedgerId id)
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        id = default;
        if (!HexText.TryDecode(text, bytes))
            return false;
        id = Read(bytes);
        return true;
    }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is not 32 hexadecimal digits.</exception>
    public static LedgerId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException("A ledger id is 32 hexadecimal digits.");

    /// <summary>Reads the first 16 bytes of <paramref name="source"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="source"/> is shorter than 16 bytes.</exception>
    public static LedgerId Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt128BigEndian(source));

    /// <summary>Writes the 16 bytes to the start of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <summary>Copies the 16 bytes to a new array.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[SizeBytes];
        Write(bytes);
        return bytes;
    }

    /// <summary>The text form.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        Write(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
