using Federation.Protocol.Merkle;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Prunes superseded rows of ledgers. Each entry names the one before it, so that no row is looked at twice.</summary>
internal static class PruneWriting
{
    private const int EntriesAtOnce = 1000;

    private const string Superseding = "SELECT seq, prev, at_ms FROM ledger WHERE p = ?1 AND seq >= ?2 AND seq < ?3 ORDER BY seq LIMIT ?4";

    public static bool Prune(SqliteSession session, int partner, long beforeMs)
    {
        var (from, end) = ReadBounds(session, partner);
        var superseded = new List<ulong>();
        var (next, read, young) = (from, 0, false);
        using (var rows = session.Use(Superseding).Bind(1, partner).Bind(2, from).Bind(3, end).Bind(4, EntriesAtOnce))
        {
            while (!young && rows.Step())
            {
                read++;
                young = rows.Int64(2) >= beforeMs;
                if (young)
                    break;
                next = rows.UInt64(0) + 1;
                if (!rows.IsNull(1))
                    superseded.Add(rows.UInt64(1));
            }
        }

        if (next == from)
            return false;
        foreach (var seq in superseded)
            session.Use("DELETE FROM ledger WHERE p = ?1 AND seq = ?2").Bind(1, partner).Bind(2, seq).Execute();
        session.Use("INSERT OR REPLACE INTO position(name, n) VALUES('pruned:' || ?1, ?2)").Bind(1, partner).Bind(2, next).Execute();
        return !young && read == EntriesAtOnce;
    }

    // Only in tiles that receipts cover whole: what fills one beyond them may be taken away by a recovery, and the tile with it.
    private static (ulong From, ulong End) ReadBounds(SqliteSession session, int partner)
    {
        using var row = session.Use("""
            SELECT coalesce((SELECT n FROM position WHERE name = 'pruned:' || ?1), 0), h.size, coalesce((SELECT max(size) FROM receipt t WHERE t.p = h.p), 0)
            FROM ledger_head h WHERE h.p = ?1
            """).Bind(1, partner);
        return row.Step() ? (row.UInt64(0), Math.Min(row.UInt64(1), row.UInt64(2)) / Tiles.HashesPerTile * Tiles.HashesPerTile) : (0, 0);
    }
}
