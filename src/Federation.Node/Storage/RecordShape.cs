using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>
/// The local description of a record's content: what the sharing decision and the statement need, without any value.
/// It is written with the body and never leaves the node. The first part is the envelope.
/// </summary>
internal sealed class RecordShape
{
    private const byte Format = 2;

    // Without groups and traits; still read.
    private const byte FirstFormat = 1;

    /// <summary>The record's embargo in milliseconds since 1970-01-01 UTC; 0 means none.</summary>
    public required long ReleaseMs { get; init; }

    /// <summary>The institutes in the record's audience; without them and without groups there is no restriction.</summary>
    public required IReadOnlyList<InstituteId> Audience { get; init; }

    /// <summary>The groups in the record's audience.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>What rules ask beyond marking and topics.</summary>
    public ShapeTraits Traits { get; init; } = ShapeTraits.Unknown;

    /// <summary>The envelope's topics.</summary>
    public required IReadOnlyList<string> Topics { get; init; }

    /// <summary>The envelope's state.</summary>
    public required byte State { get; init; }

    /// <summary>The parts in the order of their ids, the envelope first.</summary>
    public required IReadOnlyList<ShapePart> Parts { get; init; }

    /// <summary>Encodes the shape.</summary>
    public byte[] Encode()
    {
        var writer = new ShapeWriter(64 + Parts.Count * 80);
        writer.Write(Format);
        writer.Write(State);
        writer.Write(ReleaseMs);
        writer.Write(Audience);
        writer.Write(Groups);
        writer.Write(Topics);
        writer.Write(Traits);
        writer.Write((ushort)Parts.Count);
        foreach (var part in Parts)
            writer.Write(part);
        return writer.ToArray();
    }

    /// <summary>Decodes a shape that <see cref="Encode"/> made.</summary>
    public static RecordShape Decode(byte[] bytes)
    {
        var reader = new ShapeReader(bytes);
        var format = reader.Byte();
        if (format is not (Format or FirstFormat))
            throw new StoreFaultException("a record's shape has an unknown format");
        var state = reader.Byte();
        var releaseMs = reader.Int64();
        var audience = reader.Institutes();
        var groups = format == Format ? reader.Texts() : [];
        var topics = reader.Texts();
        var traits = format == Format ? reader.Traits() : ShapeTraits.Unknown;
        var parts = new ShapePart[reader.UInt16()];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = reader.Part();
        return new RecordShape
        {
            State = state,
            ReleaseMs = releaseMs,
            Audience = audience,
            Groups = groups,
            Topics = topics,
            Traits = traits,
            Parts = parts,
        };
    }
}
