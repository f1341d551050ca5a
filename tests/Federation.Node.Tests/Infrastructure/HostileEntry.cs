using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Records;
using Google.Protobuf;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>One entry of a ledger whose originator may write what it likes.</summary>
internal sealed record HostileEntry(Leaf Leaf, byte[] Statement, byte[] Signature, IReadOnlyList<Opening> Openings)
{
    public string RecordId => Leaf.Record.ToString();

    /// <summary>An entry that discloses an envelope and parts; the sequence number is set when it is appended.</summary>
    public static HostileEntry Disclose(
        TestInstitute origin, RecordId record, Envelope envelope, IReadOnlyList<Part> parts, ushort kind = 3, ushort schema = 1, SigningKey? signer = null, uint vrev = 1,
        uint? changedAs = null) =>
        Disclose(origin, record, [envelope.ToByteArray(), .. parts.Select(p => p.ToByteArray())], kind, schema, signer, vrev, changedAs);

    /// <summary>An entry that discloses values, the envelope's first; each revision changes all of them, unless it claims the time of another one.</summary>
    public static HostileEntry Disclose(
        TestInstitute origin, RecordId record, IReadOnlyList<byte[]> values, ushort kind = 3, ushort schema = 1, SigningKey? signer = null, uint vrev = 1,
        uint? changedAs = null)
    {
        var secret = new RecordSecret(Digest.Sha256(record.ToBytes()).ToBytes());
        var listed = new List<StatementPart>();
        var openings = new List<Opening>();
        for (var i = 0; i < values.Count; i++)
        {
            var part = (ulong)i * 0x0123456789ABUL;
            var changedMs = 1_700_000_000_000 + i + ((changedAs ?? vrev) * 1_000L);
            var salt = secret.Salt(part, changedMs);
            listed.Add(new StatementPart(part, changedMs, PartCommitment.Compute(origin.Id, record, part, changedMs, salt, values[i])));
            openings.Add(new Opening(part, salt, values[i]));
        }

        var statement = Protocol.Statements.Statement.Encode(origin.Id, record, kind, schema, listed.ToArray());
        var signature = signer?.Sign(Protocol.Statements.Statement.PaeType, statement) ?? [];
        return new HostileEntry(new Leaf(LedgerOperation.Disclose, 0, origin.Id, record, vrev, Digest.Sha256(statement)), statement, signature, openings);
    }

    /// <summary>An entry with a flaw that any node understands.</summary>
    public static HostileEntry Flaw(TestInstitute origin, RecordId record, string title, uint vrev = 1, uint? changedAs = null)
    {
        var envelope = new Envelope { Title = title, Marking = Marking.Green, State = RecordState.Final };
        var summary = new Part { FlawSummary = new FlawSummary { Description = title, Severity = FlawSeverity.Low } };
        return Disclose(origin, record, envelope, [summary], vrev: vrev, changedAs: changedAs);
    }
}
