using System.Buffers.Binary;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads and writes evidence.</summary>
internal static class EvidenceRows
{
    public static bool Save(SqliteSession session, EvidenceWrite write)
    {
        session.Use("INSERT INTO evidence(p, fault, detail, at_ms, objects) VALUES(?1, ?2, ?3, ?4, ?5)").Bind(1, write.Partner).Bind(2, write.Fault)
            .Bind(3, write.Detail).Bind(4, write.NowMs).Bind(5, Pack(write.Objects)).Execute();
        if (write.HaltsFollower)
            session.Use("UPDATE follow SET state = 2, fault = ?2 WHERE src = ?1").Bind(1, write.Partner).Bind(2, $"{write.Fault}: {write.Detail}").Execute();
        if (write.ForksLedger)
            session.Use("UPDATE ledger_head SET forked = 1, confirmed_boot = '', follower_boot = '' WHERE p = ?1").Bind(1, write.Partner).Execute();
        return true;
    }

    public static IReadOnlyList<StoredEvidence> Read(SqliteSession session, int? partner, long afterNumber, int limit)
    {
        using var rows = session.Use("SELECT n, p, fault, detail, at_ms, objects FROM evidence WHERE n > ?1 AND (?2 = 0 OR p = ?2) ORDER BY n LIMIT ?3")
            .Bind(1, afterNumber).Bind(2, partner ?? 0).Bind(3, limit);
        var evidence = new List<StoredEvidence>();
        while (rows.Step())
            evidence.Add(new StoredEvidence(rows.Int64(0), rows.Int32(1), rows.Text(2), rows.Text(3), rows.Int64(4), Unpack(rows.Blob(5))));
        return evidence;
    }

    private static byte[] Pack(IReadOnlyList<byte[]> objects)
    {
        var packed = new byte[objects.Sum(o => 4 + o.Length)];
        var rest = packed.AsSpan();
        foreach (var item in objects)
        {
            BinaryPrimitives.WriteInt32BigEndian(rest, item.Length);
            item.CopyTo(rest[4..]);
            rest = rest[(4 + item.Length)..];
        }

        return packed;
    }

    private static List<byte[]> Unpack(ReadOnlySpan<byte> rest)
    {
        var objects = new List<byte[]>();
        while (!rest.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            objects.Add(rest.Slice(4, length).ToArray());
            rest = rest[(4 + length)..];
        }

        return objects;
    }
}
