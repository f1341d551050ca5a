using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>
/// The local description of a record's content: what the sharing decision and the statement need, without any value.
/// It is written with the body and never leaves the node. The first part is the envelope.
/// </summary>
internal sealed class RecordShape
{
    private const byte Format = 1;

    /// <summary>The record's embargo in milliseconds since 1970-01-01 UTC; 0 means none.</summary>
    public required long ReleaseMs { get; init; }

    /// <summary>The record's audience; empty means no restriction.</summary>
    public required IReadOnlyList<InstituteId> Audience { get; init; }

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
        writer.Write((byte)Topics.Count);
        foreach (var topic in Topics)
            writer.Write(topic);
        writer.Write((ushort)Parts.Count);
        foreach (var part in Parts)
            writer.Write(part);
        return writer.ToArray();
    }

    /// <summary>Decodes a shape that <see cref="Encode"/> made.</summary>
    public static RecordShape Decode(byte[] bytes)
    {
        var reader = new ShapeReader(bytes);
        if (reader.Byte() != Format)
            throw new StoreFaultException("a record's shape has an unknown format");
        var state = reader.Byte();
        var releaseMs = reader.Int64();
        var audience = reader.Institutes();
        var topics = new string[reader.Byte()];
        for (var i = 0; i < topics.Length; i++)
            topics[i] = reader.Text();
        var parts = new ShapePart[reader.UInt16()];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = reader.Part();
        return new RecordShape { State = state, ReleaseMs = releaseMs, Audience = audience, Topics = topics, Parts = parts };
    }
}
