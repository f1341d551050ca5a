namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads and writes how far slow checks have come, and reads what they check as it is stored.</summary>
internal static class ScrubRows
{
    public static IReadOnlyList<ScrubProgress> Read(SqliteSession session)
    {
        using var rows = session.Use("SELECT name, pos, done_ms, faults FROM scrub ORDER BY name");
        var progress = new List<ScrubProgress>();
        while (rows.Step())
            progress.Add(new ScrubProgress(rows.Text(0), rows.Int64(1), rows.Int64(2), rows.Int32(3)));
        return progress;
    }

    public static bool Save(SqliteSession session, ScrubProgress progress)
    {
        session.Use("INSERT OR REPLACE INTO scrub(name, pos, done_ms, faults) VALUES(?1, ?2, ?3, ?4)")
            .Bind(1, progress.Name).Bind(2, progress.Position).Bind(3, progress.DoneMs).Bind(4, progress.Faults).Execute();
        return true;
    }

    public static IReadOnlyList<(ulong Seq, byte[] Bytes)> ReadInbound(SqliteSession session, int partner, uint past, ulong fromSeq, int maxRows)
    {
        using var rows = past == 0
            ? session.Use("SELECT seq, leaf FROM in_entry WHERE src = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3")
            : session.Use("SELECT seq, leaf FROM in_entry_past WHERE src = ?1 AND incarnation = ?4 AND seq >= ?2 ORDER BY seq LIMIT ?3").Bind(4, (long)past);
        rows.Bind(1, partner).Bind(2, fromSeq).Bind(3, maxRows);
        var found = new List<(ulong Seq, byte[] Bytes)>();
        while (rows.Step())
            found.Add((rows.UInt64(0), rows.Blob(1)));
        return found;
    }
}
