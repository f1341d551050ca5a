using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads what waits to be judged again.</summary>
internal static class PendingRows
{
    // Timers and changes beyond this wait for the next reading.
    private const int MaxTimers = 10_000;
    private const long MaxChanges = 200_000;

    private const string Changed = "SELECT rec, rid FROM record WHERE source = 0 AND changed_n > ?1 AND changed_n <= ?2";
    private const string Named = "SELECT rec, rid FROM record WHERE rec = ?1";
    private const string Asked = "p IN (SELECT h.p FROM ledger_head h JOIN partner q ON q.p = h.p WHERE q.share = 1 AND h.forked = 0) AND p NOT IN (SELECT p FROM sweep)";
    private const string Due = $"SELECT at_ms, p, rec FROM timer WHERE at_ms <= ?1 AND {Asked} ORDER BY at_ms, p, rec LIMIT ?2";
    private const string Next = $"SELECT min(at_ms) FROM timer WHERE at_ms > ?1 AND {Asked}";

    /// <summary>The own records that changed in a range, that are named, and whose timers have come due.</summary>
    public static PendingWork Read(SqliteSession session, long afterN, long upToN, long? nowMs, IReadOnlyList<long> named)
    {
        var until = Math.Min(upToN, afterN + MaxChanges);
        var found = new SortedSet<(RecordId Id, long Rec)>();
        using (var rows = session.Use(Changed).Bind(1, afterN).Bind(2, until))
            AddAll(rows, found);
        foreach (var rec in named)
            AddNamed(session, rec, found);
        var timers = new List<(long AtMs, int Partner, long Rec)>();
        if (nowMs is not { } now)
            return new PendingWork([.. found.Select(record => record.Rec)], timers, until, null);
        using (var rows = session.Use(Due).Bind(1, now).Bind(2, MaxTimers))
        {
            while (rows.Step())
                timers.Add((rows.Int64(0), rows.Int32(1), rows.Int64(2)));
        }

        foreach (var timer in timers)
            AddNamed(session, timer.Rec, found);
        using var next = session.Use(Next).Bind(1, now);
        next.Step();
        return new PendingWork([.. found.Select(record => record.Rec)], timers, until, timers.Count == MaxTimers ? now : next.NullableInt64(0));
    }

    private static void AddNamed(SqliteSession session, long rec, SortedSet<(RecordId Id, long Rec)> found)
    {
        using var row = session.Use(Named).Bind(1, rec);
        AddAll(row, found);
    }

    private static void AddAll(SqliteStatement rows, SortedSet<(RecordId Id, long Rec)> found)
    {
        while (rows.Step())
            found.Add((RecordId.Read(rows.Span(1)), rows.Int64(0)));
    }
}
