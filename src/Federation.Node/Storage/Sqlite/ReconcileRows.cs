using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads records to be reconciled, with what is disclosed of them.</summary>
internal static class ReconcileRows
{
    private const string Changed = $"SELECT {RecordRows.Columns} FROM record r WHERE r.source = 0 AND r.changed_n > ?1 ORDER BY r.changed_n LIMIT ?2";
    private const string Sweep = $"SELECT {RecordRows.Columns} FROM record r WHERE r.source = 0 AND r.rec > ?1 ORDER BY r.rec LIMIT ?2";
    private const string Named = $"SELECT {RecordRows.Columns} FROM record r WHERE r.source = 0 AND r.rec = ?1 LIMIT ?2";
    private const string Due = $"""
        SELECT {RecordRows.Columns}, t.p, t.at_ms FROM timer t JOIN record r ON r.rec = t.rec WHERE t.at_ms <= ?1 ORDER BY t.at_ms, t.p, t.rec LIMIT ?2
        """;

    private const string Referrers = $"""
        SELECT {RecordRows.Columns} FROM record t JOIN link l ON l.origin = t.origin AND l.rid = t.rid JOIN record r ON r.rec = l.rec
        WHERE t.rec = ?1 AND l.rec > ?2 AND r.source = 0 ORDER BY l.rec LIMIT ?3
        """;

    private const string Disclosed = "SELECT p, seq, op, vrev, stmt_hash, first_seq, never_sent FROM disclosed WHERE rec = ?1 AND (?2 = 0 OR p = ?2)";

    public static ReconcileSnapshot Read(SqliteSession session, ReconcileRequest request)
    {
        var candidates = new List<ReconcileCandidate>();
        var targets = new Dictionary<RecordName, IReadOnlyList<ReferenceTarget>>();
        var flip = request.Scope == ReconcileScope.Referrers ? ReadFlip(session) : null;
        if (request.Scope == ReconcileScope.Listed)
        {
            foreach (var rec in request.Recs)
                Add(session, RecordRows.ReadByNumber(session, rec, withBody: false), request.Partner, null, candidates, targets);
        }
        else if (request.Scope != ReconcileScope.Referrers || flip is not null)
        {
            using var rows = Open(session, request, flip);
            var due = request.Scope == ReconcileScope.Due;
            while (rows.Step())
            {
                var partner = flip?.Partner ?? (due ? rows.Int32(RecordRows.ColumnCount) : request.Partner);
                long? dueAtMs = due ? rows.Int64(RecordRows.ColumnCount + 1) : null;
                Add(session, RecordRows.Read(rows, withBody: false), partner, dueAtMs, candidates, targets);
            }
        }

        var exhausted = candidates.Count < request.Limit;
        return new ReconcileSnapshot
        {
            Candidates = candidates,
            Targets = targets,
            Exhausted = exhausted,
            Position = Position(session, request, candidates, exhausted),
            AsOfN = session.Scalar(NodeRows.LastChange) ?? 0,
            Flip = flip is null ? null : flip with { Position = candidates.Count == 0 ? flip.Position : candidates[^1].Record.Rec, Done = exhausted },
            NextTimerMs = session.Scalar("SELECT min(at_ms) FROM timer"),
        };
    }

    private static void Add(
        SqliteSession session, StoredRecord record, int partner, long? dueAtMs, List<ReconcileCandidate> candidates,
        Dictionary<RecordName, IReadOnlyList<ReferenceTarget>> targets)
    {
        candidates.Add(new ReconcileCandidate(record, ReadDisclosed(session, record.Rec, partner), partner, dueAtMs));
        RecordRows.AddTargets(session, record.Rec, targets);
    }

    private static FlipProgress? ReadFlip(SqliteSession session)
    {
        using var row = session.Use("SELECT f.p, f.target, f.pos FROM flip f JOIN record t ON t.rec = f.target WHERE f.p NOT IN (SELECT p FROM sweep) ORDER BY f.p, t.rid LIMIT 1");
        return row.Step() ? new FlipProgress(row.Int32(0), row.Int64(1), row.Int64(2), Done: false) : null;
    }

    private static SqliteStatement Open(SqliteSession session, ReconcileRequest request, FlipProgress? flip) => request.Scope switch
    {
        ReconcileScope.Referrers => session.Use(Referrers).Bind(1, flip!.Target).Bind(2, flip.Position).Bind(3, request.Limit),
        ReconcileScope.Changed => session.Use(Changed).Bind(1, request.After).Bind(2, request.Limit),
        ReconcileScope.Sweep => session.Use(Sweep).Bind(1, request.After).Bind(2, request.Limit),
        ReconcileScope.Due => session.Use(Due).Bind(1, request.NowMs).Bind(2, request.Limit),
        _ => session.Use(Named).Bind(1, request.Rec).Bind(2, 1),
    };

    private static long Position(SqliteSession session, ReconcileRequest request, List<ReconcileCandidate> candidates, bool exhausted)
    {
        if (request.Scope == ReconcileScope.Sweep)
            return candidates.Count == 0 ? request.After : candidates[^1].Record.Rec;
        if (request.Scope != ReconcileScope.Changed)
            return request.After;
        // Past the last own record lie received ones only: the position steps over them.
        return exhausted ? Math.Max(request.After, session.Scalar(NodeRows.LastChange) ?? 0) : candidates[^1].Record.ChangedN;
    }

    private static List<DisclosedRow> ReadDisclosed(SqliteSession session, long rec, int partner)
    {
        using var rows = session.Use(Disclosed).Bind(1, rec).Bind(2, partner);
        var disclosed = new List<DisclosedRow>();
        while (rows.Step())
        {
            var hash = rows.IsNull(4) ? Digest.Zero : rows.Hash(4);
            disclosed.Add(new DisclosedRow(
                rec, rows.Int32(0), rows.UInt64(1), (byte)rows.Int32(2), (uint)rows.Int64(3), hash, rows.UInt64(5), rows.Int32(6) != 0));
        }

        return disclosed;
    }
}
