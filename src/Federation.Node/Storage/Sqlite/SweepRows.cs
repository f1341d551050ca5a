using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>
/// Reads and sets sweeps. A sweep remembers the oldest policy and membership by which the ledger may still stand, until it is over: one that
/// is set while another is under way keeps the older base, so that nothing which only the first would have changed is forgotten.
/// </summary>
internal static class SweepRows
{
    /// <summary>The base of a sweep that looks at everything.</summary>
    public const long NoBase = -1;

    /// <summary>The sweeps under way, in the order of partners.</summary>
    public static List<SweepProgress> Read(SqliteSession session)
    {
        using var rows = session.Use("SELECT p, epoch, pos, membership, base_epoch, base_membership, held_done, from_n, onward FROM sweep ORDER BY p");
        var sweeps = new List<SweepProgress>();
        while (rows.Step())
        {
            sweeps.Add(new SweepProgress(rows.Int32(0), rows.Int64(1), rows.IsNull(2) ? null : RecordId.Read(rows.Span(2)), Done: false)
            {
                Membership = rows.Int64(3),
                BaseEpoch = rows.Int64(4),
                BaseMembership = rows.Int64(5),
                HeldDone = rows.Int32(6) != 0,
                FromN = rows.Int64(7),
                Onward = rows.Int64(8),
            });
        }

        return sweeps;
    }

    /// <summary>Sets a sweep after a change from an epoch and membership to those now in force.</summary>
    public static void Set(SqliteSession session, int partner, long baseEpoch, long baseMembership) =>
        session.Use("""
            INSERT INTO sweep(p, epoch, pos, membership, base_epoch, base_membership, held_done, from_n)
            SELECT p, epoch, NULL, membership, ?2, ?3, 0, coalesce((SELECT n FROM position WHERE name = 'sequencer'), 0) FROM partner WHERE p = ?1
            ON CONFLICT(p) DO UPDATE SET epoch = excluded.epoch, membership = excluded.membership, pos = NULL, held_done = 0
            """).Bind(1, partner).Bind(2, baseEpoch).Bind(3, baseMembership).Execute();

    /// <summary>Sets a sweep of every copy that may be passed on, after a change of who may have them.</summary>
    public static void SetOnward(SqliteSession session, int partner, long epoch, long membership)
    {
        Set(session, partner, epoch, membership);
        session.Use($"UPDATE sweep SET onward = {CommunityRows.Number} WHERE p = ?1").Bind(1, partner).Execute();
    }

    /// <summary>Sets a sweep of everything.</summary>
    public static void SetWhole(SqliteSession session, int partner)
    {
        Set(session, partner, NoBase, 0);
        session.Use("UPDATE sweep SET base_epoch = ?2 WHERE p = ?1").Bind(1, partner).Bind(2, NoBase).Execute();
    }
}
