using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>Writes the fields of a shape, as <see cref="ShapeReader"/> reads them.</summary>
internal sealed class ShapeWriter(int capacity)
{
    private readonly ArrayBufferWriter<byte> buffer = new(capacity);

    public void Write(byte value) => Take(1)[0] = value;

    public void Write(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

    public void Write(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    /// <summary>Writes a text of at most 127 bytes, or a longer one with a length of two bytes.</summary>
    public void Write(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        for (var rest = length; ; rest >>= 7)
        {
            Write((byte)(rest < 0x80 ? rest : rest | 0x80));
            if (rest < 0x80)
                break;
        }

        Encoding.UTF8.GetBytes(text, Take(length));
    }

    public void Write(IReadOnlyList<InstituteId> institutes)
    {
        Write((byte)institutes.Count);
        foreach (var institute in institutes)
            institute.Write(Take(InstituteId.SizeBytes));
    }

    public void Write(ShapePart part)
    {
        var head = Take(16 + Digest.SizeBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(head, part.Part);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], part.ChangedMs);
        part.Commitment.Write(head[16..]);
        Write(part.Schema);
        Write((ushort)part.Type);
        Write(part.Marking);
        Write(part.Onward);
        Write(FlagsOf(part));
        if (part.ReleaseMs != 0)
            Write(part.ReleaseMs);
        if (part.Audience is not null)
            Write(part.Audience);
        if (part.Groups.Count > 0)
            Write(part.Groups);
        if (part.References.Count == 0)
            return;
        Write((ushort)part.References.Count);
        foreach (var reference in part.References)
        {
            reference.Origin.Write(Take(InstituteId.SizeBytes));
            reference.Id.Write(Take(RecordId.SizeBytes));
        }
    }

    public void Write(IReadOnlyList<string> texts)
    {
        Write((byte)texts.Count);
        foreach (var text in texts)
            Write(text);
    }

    public void Write(ShapeTraits traits)
    {
        Write((byte)((traits.Known ? 1 : 0) | (traits.Severity is null ? 0 : 2) | (traits.Availability is null ? 0 : 4) | (traits.IssuedMs is null ? 0 : 8)));
        if (traits.Severity is { } severity)
            Write((ushort)severity);
        if (traits.Availability is { } availability)
            Write((ushort)availability);
        if (traits.IssuedMs is { } issuedMs)
            Write(issuedMs);
        Write(traits.Language);
        Write(traits.PermittedActions);
        Write(traits.Attribution);
        Write(traits.PublishedMs);
    }

    public byte[] ToArray() => buffer.WrittenSpan.ToArray();

    private static byte FlagsOf(ShapePart part) => (byte)(
        (part.ReleaseMs != 0 ? 1 : 0) | (part.Audience is not null ? 2 : 0) | (part.References.Count > 0 ? 4 : 0) | (part.Gone ? 8 : 0)
        | (part.Groups.Count > 0 ? 16 : 0) | (part.Unopened ? 32 : 0));

    private Span<byte> Take(int count)
    {
        var span = buffer.GetSpan(count)[..count];
        buffer.Advance(count);
        return span;
    }
}
