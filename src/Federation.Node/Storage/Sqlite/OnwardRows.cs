using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads to whom copies were passed on, and the manifests of origins that are no partners.</summary>
internal static class OnwardRows
{
    // What was appended and never signed for is not with anybody.
    private const string Holders = """
        SELECT r.rid, q.iid, d.op, l.at_ms, d.seq < coalesce((SELECT max(size) FROM receipt t WHERE t.p = d.p), 0)
        FROM record r CROSS JOIN disclosed d ON d.rec = r.rec CROSS JOIN ledger l ON l.p = d.p AND l.seq = d.seq CROSS JOIN ledger_head h ON h.p = d.p CROSS JOIN partner q ON q.p = d.p
        WHERE r.origin = ?1 AND r.rid >= ?3 AND r.rid <= ?4 AND r.source = ?2 AND d.never_sent = 0 AND d.first_seq < h.signed_size
          AND (r.rid > ?3 OR q.iid > ?5)
        ORDER BY r.rid, q.iid LIMIT ?6
        """;

    public static IReadOnlyList<OnwardHolder>? ReadHolders(SqliteSession session, HolderQuery query)
    {
        if (query.Record is { } one && !IsReceived(session, query, one))
            return null;
        var from = query.After?.Record ?? query.Record ?? RecordId.Read(new byte[RecordId.SizeBytes]);
        var to = query.Record ?? RecordId.Read([.. Enumerable.Repeat(byte.MaxValue, RecordId.SizeBytes)]);
        using var rows = session.Use(Holders).Bind(1, query.Origin).Bind(2, query.Partner).Bind(3, from).Bind(4, to).Bind(6, query.Limit);
        _ = query.After is { } after ? rows.Bind(5, after.Holder) : rows.Bind(5, (ReadOnlySpan<byte>)[]);
        var holders = new List<OnwardHolder>();
        while (rows.Step())
            holders.Add(new OnwardHolder(RecordId.Read(rows.Span(0)), Institute(rows), (byte)rows.Int32(2), rows.Int64(3), rows.Int32(4) != 0));
        return holders;
    }

    public static bool SaveOrigin(SqliteSession session, StoredOrigin origin)
    {
        session.Use("INSERT OR REPLACE INTO origin(iid, root, manifests, p, at_ms) VALUES(?1, ?2, ?3, ?4, ?5)")
            .Bind(1, origin.Institute).Bind(2, origin.Root).Bind(3, origin.Manifests).Bind(4, origin.Partner).Bind(5, origin.NowMs).Execute();
        return true;
    }

    public static StoredOrigin? ReadOrigin(SqliteSession session, InstituteId institute)
    {
        using var row = session.Use("SELECT root, manifests, p, at_ms FROM origin WHERE iid = ?1").Bind(1, institute);
        return row.Step() ? new StoredOrigin(institute, row.Hash(0), row.Blob(1), row.Int32(2), row.Int64(3)) : null;
    }

    public static IReadOnlyList<InstituteId> ReadForwardedOrigins(SqliteSession session, int partner, bool inbound)
    {
        using var rows = session.Use(inbound
            ? "SELECT DISTINCT origin, rid FROM record WHERE source = ?1 AND hop > 0 GROUP BY origin"
            : "SELECT DISTINCT r.origin, r.rid FROM disclosed d JOIN record r ON r.rec = d.rec WHERE d.p = ?1 AND r.source <> 0 GROUP BY r.origin").Bind(1, partner);
        var origins = new SortedSet<InstituteId>();
        while (rows.Step())
            origins.Add(rows.Name(0).Origin);
        return [.. origins];
    }

    private static InstituteId Institute(SqliteStatement row) =>
        InstituteId.TryRead(row.Span(1), out var institute) ? institute : throw new StoreFaultException("a partner's id can't be read");

    private static bool IsReceived(SqliteSession session, HolderQuery query, RecordId record)
    {
        using var row = session.Use("SELECT 1 FROM record WHERE origin = ?1 AND rid = ?2 AND source = ?3").Bind(1, query.Origin).Bind(2, record).Bind(3, query.Partner);
        return row.Step();
    }
}
