namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads what waits to be judged again.</summary>
internal static class PendingRows
{
    // Timers, changes and flips beyond this wait for the next reading. What is read is planned in memory before anything is appended.
    private const int MaxTimers = 100_000;
    private const int MaxFlips = 10_000;
    private const long MaxChanges = 50_000;

    private const string Changed = "SELECT rec FROM record WHERE (source = 0 OR onward > 0) AND changed_n > ?1 AND changed_n <= ?2";
    private const string Asked = "p IN (SELECT h.p FROM ledger_head h JOIN partner q ON q.p = h.p WHERE q.share = 1 AND h.forked = 0 AND h.recover_to = 0) AND p NOT IN (SELECT p FROM sweep)";
    private const string Due = $"SELECT at_ms, p, rec FROM timer WHERE at_ms <= ?1 AND {Asked} ORDER BY at_ms, p, rec LIMIT ?2";
    private const string Next = $"SELECT min(at_ms) FROM timer WHERE at_ms > ?1 AND {Asked}";
    private const string Flips = $"SELECT p, target FROM flip WHERE {Asked} ORDER BY p, target LIMIT ?1";

    /// <summary>The own records, and copies that may be passed on, that changed in a range, that are named, and whose timers have come due; and the flips.</summary>
    public static PendingWork Read(SqliteSession session, long afterN, long upToN, long nowMs, IReadOnlyList<long> named)
    {
        var until = Math.Min(upToN, afterN + MaxChanges);
        var recs = new SortedSet<long>(named);
        using (var rows = session.Use(Changed).Bind(1, afterN).Bind(2, until))
        {
            while (rows.Step())
                recs.Add(rows.Int64(0));
        }

        var timers = new List<(long AtMs, int Partner, long Rec)>();
        using (var rows = session.Use(Due).Bind(1, nowMs).Bind(2, MaxTimers))
        {
            while (rows.Step())
                timers.Add((rows.Int64(0), rows.Int32(1), rows.Int64(2)));
        }

        recs.UnionWith(timers.Select(timer => timer.Rec));
        var flips = new List<(int Partner, long Target)>();
        using (var rows = session.Use(Flips).Bind(1, MaxFlips))
        {
            while (rows.Step())
                flips.Add((rows.Int32(0), rows.Int64(1)));
        }

        using var next = session.Use(Next).Bind(1, nowMs);
        next.Step();
        return new PendingWork([.. recs], timers, flips, until, timers.Count == MaxTimers ? nowMs : next.NullableInt64(0));
    }
}
