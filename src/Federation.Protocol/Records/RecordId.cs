using System.Buffers.Binary;

namespace Federation.Protocol.Records;

/// <summary>
/// The public, random 128-bit id of a record, drawn by its originator. Its text form is that of a UUID (RFC 9562) in
/// lower case; any 128 bits are valid, whatever version a UUID reader would see in them.
/// </summary>
/// <param name="Value">The id as a number, most significant byte first.</param>
public readonly record struct RecordId(UInt128 Value) : IComparable<RecordId>
{
    /// <summary>The size of a record id on the wire, in bytes.</summary>
    public const int SizeBytes = 16;

    /// <summary>Reads 36 characters, 8-4-4-4-12 lower-case hexadecimal digits; false for anything else.</summary>
    public static bool TryParse(string? text, out RecordId id)
    {
        id = default;
        if (text is null || text.AsSpan().ContainsAnyInRange('A', 'Z') || !Guid.TryParseExact(text, "D", out var guid))
            return false;
        Span<byte> bytes = stackalloc byte[SizeBytes];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        id = Read(bytes);
        // Guid's reader forgives some spellings (signs, white space); only the one that ToString gives is an id.
        return id.ToString() == text;
    }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is not a lower-case UUID.</exception>
    public static RecordId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException("A record id is a lower-case UUID.");

    /// <summary>Reads the first 16 bytes of <paramref name="source"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="source"/> is shorter than 16 bytes.</exception>
    public static RecordId Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt128BigEndian(source));

    public static bool operator <(RecordId left, RecordId right) => left.Value < right.Value;

    public static bool operator <=(RecordId left, RecordId right) => left.Value <= right.Value;

    public static bool operator >(RecordId left, RecordId right) => left.Value > right.Value;

    public static bool operator >=(RecordId left, RecordId right) => left.Value >= right.Value;

    /// <summary>Writes the 16 bytes to the start of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <summary>Copies the 16 bytes to a new array.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[SizeBytes];
        Write(bytes);
        return bytes;
    }

    /// <summary>Orders ids as their bytes do.</summary>
    public int CompareTo(RecordId other) => Value.CompareTo(other.Value);

    /// <summary>The text form.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        Write(bytes);
        return new Guid(bytes, bigEndian: true).ToString("D");
    }
}
