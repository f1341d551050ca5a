using System.Buffers.Binary;
using System.Text;
using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>Reads the fields of an encoded shape; the bytes are the node's own, so a bad one is a fault of the store.</summary>
internal ref struct ShapeReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public string Text()
    {
        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            length |= (next & 0x7F) << shift;
            if (next < 0x80)
                break;
        }

        return Encoding.UTF8.GetString(Take(length));
    }

    public InstituteId[] Institutes()
    {
        var count = Byte();
        if (count == 0)
            return [];
        var institutes = new InstituteId[count];
        for (var i = 0; i < count; i++)
            institutes[i] = Institute();
        return institutes;
    }

    public string[] Texts()
    {
        var count = Byte();
        if (count == 0)
            return [];
        var texts = new string[count];
        for (var i = 0; i < count; i++)
            texts[i] = Text();
        return texts;
    }

    public ShapeTraits Traits()
    {
        var flags = Byte();
        return new ShapeTraits
        {
            Known = (flags & 1) != 0,
            Severity = (flags & 2) != 0 ? UInt16() : null,
            Availability = (flags & 4) != 0 ? UInt16() : null,
            IssuedMs = (flags & 8) != 0 ? Int64() : null,
            Language = Text(),
            PermittedActions = Byte(),
            Attribution = Byte(),
            PublishedMs = Int64(),
        };
    }

    public ShapePart Part()
    {
        var head = Take(16 + Digest.SizeBytes);
        var part = BinaryPrimitives.ReadUInt64LittleEndian(head);
        var changedMs = BinaryPrimitives.ReadInt64LittleEndian(head[8..]);
        var commitment = Digest.Read(head[16..]);
        var schema = UInt16();
        var type = UInt16();
        var marking = Byte();
        var onward = Byte();
        var flags = Byte();
        var releaseMs = (flags & 1) != 0 ? Int64() : 0;
        var audience = (flags & 2) != 0 ? Institutes() : null;
        var groups = (flags & 16) != 0 ? Texts() : [];
        RecordName[] references = [];
        if ((flags & 4) != 0)
        {
            references = new RecordName[UInt16()];
            for (var i = 0; i < references.Length; i++)
                references[i] = new RecordName(Institute(), RecordId.Read(Take(RecordId.SizeBytes)));
        }

        return new ShapePart(part, changedMs, commitment, schema, type, marking, onward, releaseMs, audience, references, (flags & 8) != 0)
        {
            Groups = groups,
            Unopened = (flags & 32) != 0,
        };
    }

    private InstituteId Institute() =>
        InstituteId.TryRead(Take(InstituteId.SizeBytes), out var institute)
            ? institute
            : throw new StoreFaultException("a record's shape names an institute that can't be read");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > rest.Length)
            throw new StoreFaultException("a record's shape is cut short");
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
