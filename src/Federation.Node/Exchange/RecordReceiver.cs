using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Records;
using Google.Protobuf;

namespace Federation.Node.Exchange;

/// <summary>
/// Makes what is stored of a proven entry. What is proven but not understood, or over a limit, is stored in quarantine: counted, shown
/// to operators with its reason, invisible to readers. An upgraded node can read it again.
/// </summary>
internal sealed class RecordReceiver(Partner partner, ForwardedCheck forwarded, EntropySource entropy)
{
    /// <summary>Makes the records of a proven batch.</summary>
    public VerifiedBatch Receive(VerifiedBatch batch)
    {
        for (var i = 0; i < batch.Items.Length; i++)
        {
            if (batch.Items[i].Entry is { Statement: not null } entry)
                batch.Records[i] = Receive(entry);
        }

        return batch;
    }

    /// <summary>Makes the record of one proven DISCLOSE.</summary>
    public ReceivedRecord Receive(VerifiedEntry entry)
    {
        var content = Read(entry);
        var statement = entry.Statement!;
        var name = new RecordName(entry.Leaf.Origin, entry.Leaf.Record);
        var dataKey = new byte[BodyBox.KeySizeBytes];
        entropy(dataKey);
        var shape = new RecordShape
        {
            ReleaseMs = 0,
            Audience = [],
            Topics = content.Reason is null ? [.. content.Envelope.Topics] : [],
            State = (byte)Math.Clamp((int)content.Envelope.State, 0, 255),
            Traits = TraitsOf(content),
            Parts = content.Parts,
        };
        return new ReceivedRecord
        {
            Kind = statement.Kind,
            Schema = statement.Schema,
            Status = content.Reason is null ? RecordStatus.Live : RecordStatus.Quarantined,
            Reason = content.Reason,
            Attributes = AttributesOf(content),
            Shape = shape.Encode(),
            Body = BodyBox.Seal(dataKey, entropy, name, (int)entry.Leaf.Vrev, entry.OpeningsBytes.Span, []),
            DataKey = dataKey,
            Onward = entry.Provenance == EntryProvenance.Direct && content.Reason is null && !entry.Signature.IsEmpty,
            StatementSignature = entry.Signature.ToArray(),
            StatementHash = entry.Leaf.StatementHash,
            References = [.. content.Parts.SelectMany(p => p.References).Distinct()],
        };
    }

    private ReceivedContent Read(VerifiedEntry entry)
    {
        var statement = entry.Statement!;
        var content = new ReceivedContent();
        content.RefuseIf(!Enum.IsDefined((RecordKind)statement.Kind) || statement.Kind == 0, $"kind {statement.Kind} is not known");
        content.RefuseIf(statement.Schema > RecordLimits.Schema, $"schema {statement.Schema} is newer than {RecordLimits.Schema}");
        content.RefuseIf(entry.OpeningsBytes.Length > RecordLimits.MaxRecordBytes + statement.Parts.Count * Opening.HeaderSizeBytes, "the record is too large");
        ReadEnvelope(content, entry.Openings[0].Value, statement.Parts[0], statement.Schema);
        var opened = 1;
        for (var i = 1; i < statement.Parts.Count; i++)
        {
            var stated = statement.Parts[i];
            if (opened < entry.Openings.Count && entry.Openings[opened].Part == stated.Part)
                ReadPart(content, entry.Openings[opened++].Value, stated, statement.Schema);
            else
                content.Parts.Add(new ShapePart(stated.Part, stated.ChangedMs, stated.Commitment, statement.Schema, 0, 0, 0, 0, null, []) { Unopened = true });
        }

        content.RefuseIf(content.Parts.Sum(p => p.References.Count) > RecordLimits.MaxReferences, "the record has too many references");
        if (entry.Provenance == EntryProvenance.Direct)
            CheckSignature(content, entry);
        else
            forwarded.Check(content, entry);
        return content;
    }

    private void CheckSignature(ReceivedContent content, VerifiedEntry entry)
    {
        if (!entry.Signature.IsEmpty)
        {
            var signed = partner.Keys.Verify(KeyPurpose.Statement, Statement.PaeType, entry.StatementBytes.Span, entry.Signature.Span);
            content.RefuseIf(!signed, "the statement's signature is not that of an active statement key");
            return;
        }

        var forwardable = content.Envelope.Onward == Onward.Community || content.Parts.Any(p => p.Type == Part.OnwardGrantFieldNumber);
        content.RefuseIf(forwardable, "the record may be passed on and its statement is not signed");
    }

    private static void ReadEnvelope(ReceivedContent content, ReadOnlyMemory<byte> value, StatementPart stated, ushort schema)
    {
        try
        {
            content.Envelope = Envelope.Parser.ParseFrom(value.Span);
        }
        catch (InvalidProtocolBufferException)
        {
            content.RefuseIf(true, "the envelope can't be read");
        }

        var envelope = content.Envelope;
        content.RefuseIf(envelope.Marking is < Marking.Clear or > Marking.Red, $"marking {(int)envelope.Marking} is not known");
        content.RefuseIf(envelope.Onward is < Onward.Unspecified or > Onward.Community, $"onward rule {(int)envelope.Onward} is not known");
        content.RefuseIf(envelope.MustUnderstand != 0, "the envelope carries flags that have to be understood and are not");
        content.RefuseIf(
            envelope.Topics.Count > RecordLimits.MaxTopics || envelope.Topics.Any(t => t.Length > 64), "the envelope has too many topics, or longer ones");
        content.Parts.Add(new ShapePart(
            0, stated.ChangedMs, stated.Commitment, schema, 0, ByteOf((int)envelope.Marking), ByteOf((int)envelope.Onward), 0, null, []));
    }

    private static void ReadPart(ReceivedContent content, ReadOnlyMemory<byte> value, StatementPart stated, ushort schema)
    {
        var part = new Part();
        try
        {
            part = Part.Parser.ParseFrom(value.Span);
        }
        catch (InvalidProtocolBufferException)
        {
            content.RefuseIf(true, $"part {stated.Part} can't be read");
        }

        content.RefuseIf(part.ContentCase == Part.ContentOneofCase.None, $"part {stated.Part} is of a type that is not known");
        content.RefuseIf(part.Marking is < Marking.Unspecified or > Marking.Red, $"part {stated.Part} has marking {(int)part.Marking}, which is not known");
        content.RefuseIf(part.MustUnderstand != 0, $"part {stated.Part} carries flags that have to be understood and are not");
        var references = new List<RecordName>();
        foreach (var reference in PartReferences.Find(part))
        {
            if (InstituteId.TryParse(reference.Origin, out var origin) && RecordId.TryParse(reference.RecordId, out var id))
                references.Add(new RecordName(origin, id));
            else
                content.RefuseIf(true, $"part {stated.Part} has a reference that can't be read");
        }

        content.Bodies.Add(part);
        // A grant is for the institute that it names and for nobody else, which is what an audience says.
        IReadOnlyList<InstituteId>? audience = null;
        if (part.OnwardGrant is { } grant)
        {
            content.RefuseIf(!InstituteId.TryParse(grant.Institute, out var grantee), $"part {stated.Part} grants to an institute whose id can't be read");
            audience = [grantee];
        }

        content.Parts.Add(new ShapePart(
            stated.Part, stated.ChangedMs, stated.Commitment, schema, (int)part.ContentCase,
            ByteOf((int)part.Marking), ByteOf((int)part.Onward), 0, audience, references));
    }

    private static RecordAttributes AttributesOf(ReceivedContent content)
    {
        var envelope = content.Envelope;
        var traits = RecordTraits.Read(envelope, content.Bodies);
        return new RecordAttributes
        {
            Marking = (int)envelope.Marking,
            HighestMarking = content.Parts.Max(p => p.Marking),
            Types = TypeMask.Of(content.Parts.Skip(1).Select(p => p.Type)),
            State = (int)envelope.State,
            Severity = traits.Severity,
            Availability = traits.Availability,
            Language = envelope.Language,
            Title = envelope.Title,
            IssuedMs = traits.IssuedMs,
            Topics = content.Reason is null ? [.. envelope.Topics] : [],
        };
    }

    // When the origin published the record is not known.
    private static ShapeTraits TraitsOf(ReceivedContent content)
    {
        var traits = RecordTraits.Read(content.Envelope, content.Bodies);
        return new ShapeTraits
        {
            Known = content.Reason is null,
            Severity = traits.Severity,
            Availability = traits.Availability,
            Language = content.Reason is null ? content.Envelope.Language : "",
            IssuedMs = traits.IssuedMs,
            PermittedActions = ByteOf((int)content.Envelope.PermittedActions),
            Attribution = ByteOf((int)content.Envelope.Attribution),
        };
    }

    // Numbers beyond a byte are unknown in any case, and unknown numbers are refused where they matter.
    private static byte ByteOf(int number) => (byte)Math.Clamp(number, 0, 255);
}
