using System.Buffers.Binary;
using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads and writes evidence.</summary>
internal static class EvidenceRows
{
    // Of what stops nothing a partner could send more and more; each piece of it says the same as the first.
    private const int MostOfPartner = 1000;
    private const long MostBytesOfPartner = 64L * 1024 * 1024;
    private const int MostOfSubmitter = 100;
    private const long MostBytesOfSubmitter = 16L * 1024 * 1024;

    // What was found of an incarnation, or of a ledger before it was got back, doesn't stop what took its place meanwhile.
    private const string Fork = """
        UPDATE ledger_head SET forked = 1, confirmed_boot = '', follower_boot = '' WHERE p = ?1 AND (?2 IS NULL OR term = ?2)
        """;

    private const string Damage = """
        UPDATE ledger_head SET forked = 2, confirmed_boot = '', follower_boot = '' WHERE p = ?1 AND forked = 0 AND (?2 IS NULL OR term = ?2)
        """;

    public static long Save(SqliteSession session, EvidenceWrite write)
    {
        var objects = Pack(write.Objects);
        var kinds = write.Objects.Select(item => (byte)item.Kind).ToArray();
        var digest = Digest.Sha256([.. System.Text.Encoding.UTF8.GetBytes($"{write.Fault}\0{write.Submitter}\0"), .. kinds, 0, .. objects]);
        var number = Find(session, write.Partner, digest);
        if (number == 0 && (write.HaltsFollower || write.ForksLedger || write.DamagesLedger || HasRoom(session, write, objects.Length)))
        {
            session.Use("INSERT INTO evidence(p, fault, detail, at_ms, objects, kinds, digest, submitter) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)").Bind(1, write.Partner)
                .Bind(2, write.Fault).Bind(3, write.Detail).Bind(4, write.NowMs).Bind(5, objects).Bind(6, kinds).Bind(7, digest).Bind(8, write.Submitter)
                .Execute();
            number = session.LastInsertedRow();
        }

        if (write.HaltsFollower)
            Halt(session, write);
        if (write.Reset is { } reset)
            ResetRows.Note(session, write.Partner, reset, write.NowMs);
        if (write.ForksLedger)
            session.Use(Fork).Bind(1, write.Partner).Bind(2, write.Term).Execute();
        if (write.DamagesLedger)
            session.Use(Damage).Bind(1, write.Partner).Bind(2, write.Term).Execute();
        return number;
    }

    public static IReadOnlyList<StoredEvidence> Read(SqliteSession session, int? partner, long afterNumber, int limit)
    {
        using var rows = session.Use("SELECT n, p, fault, detail, at_ms, objects, kinds, submitter FROM evidence WHERE n > ?1 AND (?2 = 0 OR p = ?2) ORDER BY n LIMIT ?3")
            .Bind(1, afterNumber).Bind(2, partner ?? 0).Bind(3, limit);
        var evidence = new List<StoredEvidence>();
        while (rows.Step())
            evidence.Add(new StoredEvidence(rows.Int64(0), rows.Int32(1), rows.Text(2), rows.Text(3), rows.Int64(4), Unpack(rows.Blob(5), rows.Blob(6)), rows.Int32(7)));
        return evidence;
    }

    private static void Halt(SqliteSession session, EvidenceWrite write) =>
        session.Use("UPDATE follow SET state = 2, fault = ?2 WHERE src = ?1 AND (?3 IS NULL OR incarnation = ?3)")
            .Bind(1, write.Partner).Bind(2, $"{write.Fault}: {write.Detail}").Bind(3, (long?)write.Incarnation).Execute();

    private static long Find(SqliteSession session, int partner, Digest digest)
    {
        using var row = session.Use("SELECT n FROM evidence WHERE p = ?1 AND digest = ?2").Bind(1, partner).Bind(2, digest);
        return row.Step() ? row.Int64(0) : 0;
    }

    // What a partner hands over takes no room from what is found of it.
    private static bool HasRoom(SqliteSession session, EvidenceWrite write, int bytes)
    {
        var submitted = write.Submitter != 0;
        var kept = submitted
            ? session.Use("SELECT count(*), coalesce(sum(length(objects)), 0) FROM evidence WHERE submitter = ?1").Bind(1, write.Submitter)
            : session.Use("SELECT count(*), coalesce(sum(length(objects)), 0) FROM evidence WHERE p = ?1 AND submitter = 0").Bind(1, write.Partner);
        using (kept)
        {
            return kept.Step() && kept.Int64(0) < (submitted ? MostOfSubmitter : MostOfPartner)
                && kept.Int64(1) + bytes <= (submitted ? MostBytesOfSubmitter : MostBytesOfPartner);
        }
    }

    private static byte[] Pack(IReadOnlyList<EvidenceObject> objects)
    {
        var packed = new byte[objects.Sum(o => 4 + o.Content.Length)];
        var rest = packed.AsSpan();
        foreach (var item in objects)
        {
            BinaryPrimitives.WriteInt32BigEndian(rest, item.Content.Length);
            item.Content.CopyTo(rest[4..]);
            rest = rest[(4 + item.Content.Length)..];
        }

        return packed;
    }

    private static List<EvidenceObject> Unpack(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> kinds)
    {
        var objects = new List<EvidenceObject>();
        while (!rest.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            var kind = objects.Count < kinds.Length ? (EvidenceKind)kinds[objects.Count] : EvidenceKind.Unspecified;
            objects.Add(new EvidenceObject(kind, rest.Slice(4, length).ToArray()));
            rest = rest[(4 + length)..];
        }

        return objects;
    }
}
