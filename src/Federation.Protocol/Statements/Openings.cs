using System.Buffers.Binary;

namespace Federation.Protocol.Statements;

/// <summary>The framing of openings: <c>n × { part u64 | salt16 | len u32 | value }</c>, plainly concatenated, part ids strictly ascending.</summary>
public static class Openings
{
    /// <summary>The size of the encoded form, in bytes.</summary>
    public static int SizeBytes(IReadOnlyList<Opening> openings)
    {
        var size = 0;
        for (var i = 0; i < openings.Count; i++)
            size += Opening.HeaderSizeBytes + openings[i].Value.Length;
        return size;
    }

    /// <summary>Encodes the openings in the order given, which must be ascending by part.</summary>
    /// <exception cref="ArgumentException">A part repeats or is out of order, or a value is too long.</exception>
    public static byte[] Encode(IReadOnlyList<Opening> openings)
    {
        var bytes = new byte[SizeBytes(openings)];
        var offset = 0;
        for (var i = 0; i < openings.Count; i++)
        {
            var opening = openings[i];
            if ((i > 0 && opening.Part <= openings[i - 1].Part) || opening.Value.Length > Opening.MaxValueSizeBytes)
                throw new ArgumentException("Openings ascend by part, each value at most 128 KiB.", nameof(openings));
            offset += Write(opening, bytes.AsSpan(offset));
        }
        return bytes;
    }

    /// <summary>
    /// Decodes all of <paramref name="bytes"/> into slices of it; false, with a sentence in <paramref name="error"/>, for anything malformed.
    /// No bytes at all are zero openings.
    /// </summary>
    public static bool TryDecode(ReadOnlyMemory<byte> bytes, out List<Opening> openings, out string error) =>
        TryDecode(bytes, 0, out openings, out error);

    /// <summary>Decodes into a list that already has room for <paramref name="expected"/> openings.</summary>
    internal static bool TryDecode(ReadOnlyMemory<byte> bytes, int expected, out List<Opening> openings, out string error)
    {
        openings = new List<Opening>(expected);
        var rest = bytes;
        while (!rest.IsEmpty)
        {
            var span = rest.Span;
            if (span.Length < Opening.HeaderSizeBytes || openings.Count == Statement.MaxParts)
                return Refuse("The openings end within an opening, or are too many.", openings, out error);
            var part = BinaryPrimitives.ReadUInt64BigEndian(span);
            if (openings.Count > 0 && part <= openings[^1].Part)
                return Refuse("The openings are not in strictly ascending order.", openings, out error);
            var length = BinaryPrimitives.ReadUInt32BigEndian(span[24..]);
            if (length > Opening.MaxValueSizeBytes || length > span.Length - Opening.HeaderSizeBytes)
                return Refuse("A value is longer than 128 KiB or than the bytes that are left.", openings, out error);
            var salt = BinaryPrimitives.ReadUInt128BigEndian(span[8..]);
            openings.Add(new Opening(part, salt, rest.Slice(Opening.HeaderSizeBytes, (int)length)));
            rest = rest[(Opening.HeaderSizeBytes + (int)length)..];
        }
        error = "";
        return true;
    }

    /// <summary>Writes one opening and answers its size; the destination must have room.</summary>
    internal static int Write(in Opening opening, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, opening.Part);
        BinaryPrimitives.WriteUInt128BigEndian(destination[8..], opening.Salt);
        BinaryPrimitives.WriteUInt32BigEndian(destination[24..], (uint)opening.Value.Length);
        opening.Value.Span.CopyTo(destination[Opening.HeaderSizeBytes..]);
        return Opening.HeaderSizeBytes + opening.Value.Length;
    }

    private static bool Refuse(string reason, List<Opening> openings, out string error)
    {
        openings.Clear();
        error = reason;
        return false;
    }
}
