using System.Buffers.Binary;
using System.Text;

namespace Federation.Protocol.Records;

/// <summary>
/// The name of an institute within the federation: 2 to 16 characters of <c>a-z</c>, <c>0-9</c> and <c>-</c>.
/// On the wire 16 bytes of ASCII, padded with zeros at the end.
/// </summary>
public readonly record struct InstituteId : IComparable<InstituteId>
{
    /// <summary>The size of an institute id on the wire, in bytes.</summary>
    public const int SizeBytes = 16;

    /// <summary>The fewest characters an id has.</summary>
    public const int MinLength = 2;

    private readonly UInt128 _value;

    private InstituteId(UInt128 value) => _value = value;

    /// <summary>Whether this is <c>default</c>, which names no institute and is never on the wire.</summary>
    public bool IsEmpty => _value == 0;

    /// <summary>Reads the text form; false for null, a wrong length or a character outside the set.</summary>
    public static bool TryParse(string? text, out InstituteId id)
    {
        id = default;
        if (text is null || text.Length > SizeBytes)
            return false;
        Span<byte> bytes = stackalloc byte[SizeBytes];
        bytes.Clear();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '\0' or >= (char)0x80)
                return false;
            bytes[i] = (byte)text[i];
        }
        return TryRead(bytes, out id);
    }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is not an institute id.</exception>
    public static InstituteId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException("An institute id is 2 to 16 characters of a-z, 0-9 and '-'.");

    /// <summary>Reads the first 16 bytes of <paramref name="source"/>; false unless they are a valid, zero-padded id.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out InstituteId id)
    {
        id = default;
        if (source.Length < SizeBytes)
            return false;
        var bytes = source[..SizeBytes];
        var length = bytes.IndexOf((byte)0);
        if (length < 0)
            length = SizeBytes;
        if (length < MinLength || bytes[length..].ContainsAnyExcept((byte)0))
            return false;
        foreach (var character in bytes[..length])
        {
            if (!IsAllowed(character))
                return false;
        }
        id = new InstituteId(BinaryPrimitives.ReadUInt128BigEndian(bytes));
        return true;
    }

    public static bool operator <(InstituteId left, InstituteId right) => left._value < right._value;

    public static bool operator <=(InstituteId left, InstituteId right) => left._value <= right._value;

    public static bool operator >(InstituteId left, InstituteId right) => left._value > right._value;

    public static bool operator >=(InstituteId left, InstituteId right) => left._value >= right._value;

    /// <summary>Writes the 16 bytes to the start of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, _value);

    /// <summary>Copies the 16 bytes to a new array.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[SizeBytes];
        Write(bytes);
        return bytes;
    }

    /// <summary>Orders ids as their text does, character by character.</summary>
    public int CompareTo(InstituteId other) => _value.CompareTo(other._value);

    /// <summary>The text form; empty for <c>default</c>.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        Write(bytes);
        return Encoding.ASCII.GetString(bytes.TrimEnd((byte)0));
    }

    private static bool IsAllowed(byte character) =>
        character is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'0' and <= (byte)'9') or (byte)'-';
}
