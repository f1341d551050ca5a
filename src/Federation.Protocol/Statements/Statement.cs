using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Federation.Protocol.Records;

namespace Federation.Protocol.Statements;

/// <summary>
/// What an originator says about one view of one record: <c>"FED-VIEW/1" | origin16 | rid16 | kind u16 | schema u16 | n u16 |
/// n × { part u64 | changed_ms u64 | c32 }</c>, big-endian. It is a function of the visible parts alone.
/// </summary>
public sealed class Statement
{
    /// <summary>The most parts a view lists: 1,000 and the envelope.</summary>
    public const int MaxParts = 1001;

    /// <summary>The bytes before the first part.</summary>
    public const int HeaderSizeBytes = 48;

    /// <summary>The most bytes a statement has.</summary>
    public const int MaxSizeBytes = HeaderSizeBytes + MaxParts * StatementPart.SizeBytes;

    /// <summary>The type under which a statement is signed (DSSE pre-authentication encoding).</summary>
    public const string PaeType = "federation/view.v1";

    private readonly StatementPart[] _parts;

    private Statement(InstituteId origin, RecordId record, ushort kind, ushort schema, StatementPart[] parts)
    {
        Origin = origin;
        Record = record;
        Kind = kind;
        Schema = schema;
        _parts = parts;
    }

    /// <summary>The institute that wrote the record.</summary>
    public InstituteId Origin { get; }

    /// <summary>The record.</summary>
    public RecordId Record { get; }

    /// <summary>The record's kind, a number of the record model.</summary>
    public ushort Kind { get; }

    /// <summary>The highest schema number among the listed parts.</summary>
    public ushort Schema { get; }

    /// <summary>The visible parts in ascending order of their ids; the first is the envelope.</summary>
    public IReadOnlyList<StatementPart> Parts => _parts;

    /// <summary>The parts, without an interface call for each.</summary>
    public ReadOnlySpan<StatementPart> PartSpan => _parts;

    private static ReadOnlySpan<byte> Prefix => "FED-VIEW/1"u8;

    /// <summary>Encodes a statement that is not needed as an object.</summary>
    /// <exception cref="ArgumentException">The parts are none, too many, not in strictly ascending order, or do not start with 0.</exception>
    public static byte[] Encode(InstituteId origin, RecordId record, ushort kind, ushort schema, ReadOnlySpan<StatementPart> parts)
    {
        if (Refusal(parts) is { } refusal)
            throw new ArgumentException(refusal, nameof(parts));
        var bytes = new byte[HeaderSizeBytes + parts.Length * StatementPart.SizeBytes];
        var rest = bytes.AsSpan();
        Prefix.CopyTo(rest);
        origin.Write(rest[10..]);
        record.Write(rest[26..]);
        BinaryPrimitives.WriteUInt16BigEndian(rest[42..], kind);
        BinaryPrimitives.WriteUInt16BigEndian(rest[44..], schema);
        BinaryPrimitives.WriteUInt16BigEndian(rest[46..], (ushort)parts.Length);
        rest = rest[HeaderSizeBytes..];
        foreach (ref readonly var part in parts)
        {
            BinaryPrimitives.WriteUInt64BigEndian(rest, part.Part);
            BinaryPrimitives.WriteInt64BigEndian(rest[8..], part.ChangedMs);
            part.Commitment.Write(rest[16..]);
            rest = rest[StatementPart.SizeBytes..];
        }
        return bytes;
    }

    /// <summary>Decodes exactly <paramref name="bytes"/>; false, with a sentence in <paramref name="error"/>, for anything malformed.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Statement? statement, out string error)
    {
        statement = null;
        if (bytes.Length < HeaderSizeBytes || !bytes.StartsWith(Prefix))
            return Refuse("A statement starts with FED-VIEW/1 and a header of 48 bytes.", out error);
        if (!InstituteId.TryRead(bytes[10..], out var origin))
            return Refuse("The statement's origin is not an institute id.", out error);
        var count = BinaryPrimitives.ReadUInt16BigEndian(bytes[46..]);
        if (count > MaxParts || bytes.Length != HeaderSizeBytes + count * StatementPart.SizeBytes)
            return Refuse("The statement's length does not match its number of parts.", out error);
        var parts = new StatementPart[count];
        var rest = bytes[HeaderSizeBytes..];
        for (var i = 0; i < parts.Length; i++, rest = rest[StatementPart.SizeBytes..])
        {
            var changedMs = BinaryPrimitives.ReadInt64BigEndian(rest[8..]);
            parts[i] = new StatementPart(BinaryPrimitives.ReadUInt64BigEndian(rest), changedMs, Digest.Read(rest[16..]));
        }
        if (Refusal(parts) is { } refusal)
            return Refuse(refusal, out error);
        var kind = BinaryPrimitives.ReadUInt16BigEndian(bytes[42..]);
        var schema = BinaryPrimitives.ReadUInt16BigEndian(bytes[44..]);
        statement = new Statement(origin, RecordId.Read(bytes[26..]), kind, schema, parts);
        error = "";
        return true;
    }

    /// <summary>The statement's bytes.</summary>
    public byte[] Encode() => Encode(Origin, Record, Kind, Schema, _parts);

    private static string? Refusal(ReadOnlySpan<StatementPart> parts)
    {
        if (parts.IsEmpty || parts.Length > MaxParts)
            return "A statement lists 1 to 1001 parts.";
        if (parts[0].Part != 0)
            return "The first part of a statement is the envelope, part 0.";
        for (var i = 0; i < parts.Length; i++)
        {
            if (i > 0 && parts[i].Part <= parts[i - 1].Part)
                return "The parts of a statement are in strictly ascending order.";
            if (parts[i].ChangedMs < 0)
                return "A change time is not negative.";
        }
        return null;
    }

    private static bool Refuse(string reason, out string error)
    {
        error = reason;
        return false;
    }
}
