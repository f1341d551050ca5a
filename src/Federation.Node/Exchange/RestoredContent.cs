using Federation.Node.Storage;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Records;
using Google.Protobuf;

namespace Federation.Node.Exchange;

/// <summary>
/// What a partner held of an own record, read as a record again: the same parts, change times, commitments and salts, so that the same
/// statement comes out. Who else may have it, and what the partner was not shown, is lost: it comes back as a draft. Of another institute's
/// record, which was passed on, it tells what the partner was opened; the record itself comes back from its originator alone.
/// </summary>
internal sealed class RestoredContent
{
    private readonly Envelope envelope;
    private readonly List<Part> parts;
    private readonly Statement statement;
    private readonly byte[] openings;

    private RestoredContent(Envelope envelope, List<Part> parts, Statement statement, byte[] openings, RecordShape shape)
    {
        this.envelope = envelope;
        this.parts = parts;
        this.statement = statement;
        this.openings = openings;
        Shape = shape;
    }

    /// <summary>What the sharing decision needs to know of it.</summary>
    public RecordShape Shape { get; }

    /// <summary>The ids of the parts that the partner was opened, the envelope's included.</summary>
    public IReadOnlyList<ulong> Opened => [.. Shape.Parts.Select(part => part.Part)];

    /// <summary>The records that it refers to.</summary>
    public IReadOnlyList<RecordName> References => [.. Shape.Parts.SelectMany(part => part.References).Distinct()];

    /// <summary>Reads checked content; null if this program does not understand it.</summary>
    public static RestoredContent? TryRead(EchoedContent content, bool isOwn)
    {
        if (!Statement.TryDecode(content.Statement, out var statement, out _) || !Openings.TryDecode(content.Openings, out var openings, out _))
            return null;
        try
        {
            var envelope = Envelope.Parser.ParseFrom(openings[0].Value.Span);
            var parts = openings.Skip(1).Select(opening => Part.Parser.ParseFrom(opening.Value.Span)).ToList();
            var stated = statement.Parts.IntersectBy(openings.Select(opening => opening.Part), part => part.Part).ToList();
            return new RestoredContent(envelope, parts, statement, content.Openings, ShapeOf(statement.Schema, stated, envelope, parts, isOwn));
        }
        catch (Exception unreadable) when (unreadable is InvalidProtocolBufferException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The record as it is written again, as a draft.</summary>
    public RecordWrite ToDraft(RecordName name, int expectedVersion, InstituteId from, EntropySource entropy, long nowMs)
    {
        var dataKey = new byte[BodyBox.KeySizeBytes];
        entropy(dataKey);
        var saltKey = new byte[RecordSecret.SizeBytes];
        entropy(saltKey);
        var traits = RecordTraits.Read(envelope, parts);
        var version = expectedVersion + 1;
        return new RecordWrite
        {
            Name = name,
            ExpectedVersion = expectedVersion,
            Kind = statement.Kind,
            Schema = statement.Schema,
            Status = RecordStatus.Draft,
            NowMs = nowMs,
            Attributes = new RecordAttributes
            {
                Marking = (int)envelope.Marking,
                HighestMarking = Shape.Parts.Max(part => part.Marking),
                Types = TypeMask.Of(Shape.Parts.Skip(1).Select(part => part.Type)),
                State = (int)envelope.State,
                Severity = traits.Severity,
                Availability = traits.Availability,
                Language = envelope.Language,
                Title = envelope.Title,
                IssuedMs = traits.IssuedMs,
                Topics = [.. envelope.Topics],
            },
            Shape = Shape.Encode(),
            Body = BodyBox.Seal(dataKey, entropy, name, version, openings, []),
            DataKey = dataKey,
            SaltKey = saltKey,
            References = References,
            Note = new RevisionNote(version, "", nowMs, $"got back from {from}, with what it had been shown"),
        };
    }

    private static RecordShape ShapeOf(ushort schema, List<StatementPart> stated, Envelope envelope, List<Part> parts, bool isOwn)
    {
        var traits = RecordTraits.Read(envelope, parts);
        var shapes = new List<ShapePart>
        {
            new(0, stated[0].ChangedMs, stated[0].Commitment, schema, 0, ByteOf((int)envelope.Marking), ByteOf((int)envelope.Onward), 0, null, []),
        };
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            shapes.Add(new ShapePart(
                stated[i + 1].Part, stated[i + 1].ChangedMs, stated[i + 1].Commitment, schema, (int)part.ContentCase,
                ByteOf((int)part.Marking), ByteOf((int)part.Onward), 0, isOwn ? null : GranteeOf(part), [.. PartReferences.Find(part).Select(NameOf)]));
        }

        return new RecordShape
        {
            ReleaseMs = 0,
            Audience = [],
            Topics = [.. envelope.Topics],
            State = ByteOf((int)envelope.State),
            Traits = new ShapeTraits
            {
                Known = true,
                Severity = traits.Severity,
                Availability = traits.Availability,
                Language = envelope.Language,
                IssuedMs = traits.IssuedMs,
                PermittedActions = ByteOf((int)envelope.PermittedActions),
                Attribution = ByteOf((int)envelope.Attribution),
            },
            Parts = shapes,
        };
    }

    // A grant of another institute is for the one that it names and for nobody else.
    private static IReadOnlyList<InstituteId>? GranteeOf(Part part) => part.OnwardGrant is not { } grant
        ? null
        : InstituteId.TryParse(grant.Institute, out var grantee) ? [grantee] : throw new FormatException("a grantee can't be read");

    private static RecordName NameOf(RecordReference reference) =>
        InstituteId.TryParse(reference.Origin, out var origin) && RecordId.TryParse(reference.RecordId, out var id)
            ? new RecordName(origin, id)
            : throw new FormatException("a reference can't be read");

    private static byte ByteOf(int number) => (byte)Math.Clamp(number, 0, byte.MaxValue);
}
