using System.Buffers.Binary;
using Federation.Node.Sharing;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Records;

namespace Federation.Node.Ledger;

/// <summary>What one projection of a record shows: its statement, a function of the visible parts and of nothing else.</summary>
internal readonly struct View
{
    private View(byte[] statement, bool forwardable, Digest opened)
    {
        Opened = opened;
        Statement = statement;
        Hash = Digest.Sha256(statement);
        Forwardable = forwardable;
    }

    /// <summary>The statement's bytes.</summary>
    public byte[] Statement { get; }

    /// <summary>The statement's hash.</summary>
    public Digest Hash { get; }

    /// <summary>Of a copy that is passed on: the digest of the ids of the parts that are opened; zero for an own record, of which all are.</summary>
    public Digest Opened { get; }

    /// <summary>Whether a receiver may pass the view on: only then does it carry a signature of its own.</summary>
    public bool Forwardable { get; }

    /// <summary>Makes the view that a decision allows.</summary>
    public static View Of(JudgedRecord record, Decision decision) =>
        record.Stored.Source == 0 ? OfOwn(record, decision) : OfCopy(record, decision);

    /// <summary>The statement of a copy that is passed on, whatever is opened of it.</summary>
    public static byte[] StatementOf(JudgedRecord copy)
    {
        var stored = copy.Stored;
        var parts = copy.Shape.Parts.Select(part => new StatementPart(part.Part, part.ChangedMs, part.Commitment)).ToArray();
        return Protocol.Statements.Statement.Encode(stored.Name.Origin, stored.Name.Id, (ushort)stored.Kind, (ushort)stored.Schema, parts);
    }

    /// <summary>The digest of the ids of the parts that are opened, the envelope's included.</summary>
    public static Digest OpenedOf(IReadOnlyList<ulong> parts)
    {
        var bytes = new byte[parts.Count * sizeof(ulong)];
        for (var i = 0; i < parts.Count; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(sizeof(ulong) * i), parts[i]);
        return Digest.Sha256(bytes);
    }

    // The statement is the origin's, whole and as it was signed; what the decision withholds is not opened.
    private static View OfCopy(JudgedRecord record, Decision decision)
    {
        var parts = record.Shape.Parts;
        var opened = new List<ulong>(parts.Count) { 0 };
        for (var i = 1; i < parts.Count; i++)
        {
            if (decision.Parts[i - 1] == PartVerdict.Visible)
                opened.Add(parts[i].Part);
        }

        return new View(StatementOf(record), forwardable: true, OpenedOf(opened));
    }

    private static View OfOwn(JudgedRecord record, Decision decision)
    {
        var shape = record.Shape;
        var forwardable = shape.Parts[0].Onward == (byte)Onward.Community;
        var schema = shape.Parts[0].Schema;
        var parts = new StatementPart[shape.Parts.Count];
        parts[0] = new StatementPart(0, shape.Parts[0].ChangedMs, shape.Parts[0].Commitment);
        var count = 1;
        for (var i = 1; i < shape.Parts.Count; i++)
        {
            var part = shape.Parts[i];
            if (decision.Parts[i - 1] != PartVerdict.Visible || part.Gone)
                continue;
            parts[count++] = new StatementPart(part.Part, part.ChangedMs, part.Commitment);
            schema = Math.Max(schema, part.Schema);
            forwardable |= part.Type == Part.OnwardGrantFieldNumber;
        }

        var statement = Protocol.Statements.Statement.Encode(
            record.Stored.Name.Origin, record.Stored.Name.Id, (ushort)record.Stored.Kind, schema, parts.AsSpan(0, count));
        return new View(statement, forwardable, Digest.Zero);
    }
}
