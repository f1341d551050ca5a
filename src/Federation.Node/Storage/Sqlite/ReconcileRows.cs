using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads records to be reconciled, with what is disclosed of them.</summary>
internal static class ReconcileRows
{
    private const string Disclosed = """
        SELECT p, seq, op, vrev, stmt_hash, first_seq, never_sent, stands_n,
          CASE WHEN stands_n > 0 THEN (SELECT h.shape FROM held_shape h WHERE h.rec = d.rec AND h.p = d.p) END, opened
        FROM disclosed d WHERE rec = ?1 AND (?2 = 0 OR p = ?2)
        """;

    private const string Referrers = """
        SELECT l.rec FROM record t JOIN link l ON l.origin = t.origin AND l.rid = t.rid JOIN record r ON r.rec = l.rec
        WHERE t.rec = ?1 AND (r.source = 0 OR r.onward > 0) ORDER BY l.rec
        """;

    public static ReconcileSnapshot Read(SqliteSession session, int partner, IReadOnlyList<long> recs)
    {
        var candidates = new List<ReconcileCandidate>(recs.Count);
        var targets = new Dictionary<RecordName, IReadOnlyList<ReferenceTarget>>();
        foreach (var rec in recs)
        {
            candidates.Add(new ReconcileCandidate(RecordRows.ReadByNumber(session, rec, withBody: false), ReadDisclosed(session, rec, partner)));
            RecordRows.AddTargets(session, rec, targets);
        }

        return new ReconcileSnapshot
        {
            Candidates = candidates,
            Targets = targets,
            AsOfN = session.Scalar(NodeRows.LastChange) ?? 0,
            Holes = ReadHoles(session),
        };
    }

    /// <summary>The own records of some names, and the originators' own copies of others, with their latest entry in one partner's ledger; null where there is none of that name.</summary>
    public static IReadOnlyList<ReconcileCandidate?> ReadNamed(SqliteSession session, int partner, IReadOnlyList<RecordName> names)
    {
        var found = new ReconcileCandidate?[names.Count];
        for (var i = 0; i < found.Length; i++)
        {
            if ((RecordRows.FindOwn(session, names[i]) ?? RecordRows.FindDirect(session, names[i])) is { } record)
                found[i] = new ReconcileCandidate(record, ReadDisclosed(session, record.Rec, partner));
        }

        return found;
    }

    public static IReadOnlyList<(long Target, long Rec)> ReadReferrers(SqliteSession session, IReadOnlyList<long> targets)
    {
        var referrers = new List<(long Target, long Rec)>();
        foreach (var target in targets)
        {
            using var rows = session.Use(Referrers).Bind(1, target);
            while (rows.Step())
                referrers.Add((target, rows.Int64(0)));
        }

        return referrers;
    }

    private static Dictionary<int, LedgerHoles> ReadHoles(SqliteSession session)
    {
        using var rows = session.Use("SELECT p, holes, holes_end FROM ledger_head WHERE holes > 0");
        var holes = new Dictionary<int, LedgerHoles>();
        while (rows.Step())
            holes.Add(rows.Int32(0), new LedgerHoles((uint)rows.Int64(1), rows.UInt64(2)));
        return holes;
    }

    private static List<DisclosedRow> ReadDisclosed(SqliteSession session, long rec, int partner)
    {
        using var rows = session.Use(Disclosed).Bind(1, rec).Bind(2, partner);
        var disclosed = new List<DisclosedRow>();
        while (rows.Step())
        {
            var hash = rows.IsNull(4) ? Digest.Zero : rows.Hash(4);
            disclosed.Add(new DisclosedRow(
                rec, rows.Int32(0), rows.UInt64(1), (byte)rows.Int32(2), (uint)rows.Int64(3), hash, rows.UInt64(5), rows.Int32(6) != 0,
                rows.IsNull(9) ? Digest.Zero : rows.Hash(9))
            {
                StandsN = rows.Int64(7),
                HeldShape = rows.IsNull(8) ? null : rows.Blob(8),
            });
        }

        return disclosed;
    }
}
