using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>
/// Rows of other institutes' records that a ledger which was got back names. They are the rows that the originators' ledgers fill, so that a
/// record which comes again, or is taken back, goes on in this ledger where it was. Those of an institute that is no partner wait until it is one.
/// </summary>
internal static class AwaitedRows
{
    private const string Insert = """
        INSERT INTO record(origin, rid, source, kind, schema, version, status, changed_n, received_ms, shape, onward)
        VALUES(?1, ?2, coalesce((SELECT p FROM partner WHERE iid = ?1), -1), 0, 0, 0, ?3, ?4, ?5, x'', ?6)
        """;

    /// <summary>The local number of a record that was passed on; whatever is here of it takes part in passing on, so that it is judged.</summary>
    public static long Place(SqliteSession session, RecordName name, bool erased, long nowMs)
    {
        if (RecordRows.FindDirect(session, name) is { } copy)
        {
            if (copy.Onward == OnwardState.None)
                Enrol(session, copy);
            return copy.Rec;
        }

        session.Use(Insert).Bind(1, name.Origin).Bind(2, name.Id).Bind(3, (long)RecordStatus.Awaited).Bind(4, ++session.ChangedN).Bind(5, nowMs)
            .Bind(6, (long)(erased ? OnwardState.Erased : OnwardState.Candidate)).Execute();
        return session.LastInsertedRow();
    }

    /// <summary>Lets the records of an institute that becomes a partner wait for its ledger.</summary>
    public static void Adopt(SqliteSession session, InstituteId institute, int partner) =>
        session.Use("UPDATE record SET source = ?2 WHERE origin = ?1 AND source = -1").Bind(1, institute).Bind(2, partner).Execute();

    // A tombstone of what was never seen has no change number; what may come after it has to be noticed.
    private static void Enrol(SqliteSession session, StoredRecord copy)
    {
        var state = IsErased(session, copy) ? OnwardState.Erased : OnwardState.Candidate;
        session.Use("UPDATE record SET onward = ?2, changed_n = coalesce(changed_n, ?3) WHERE rec = ?1")
            .Bind(1, copy.Rec).Bind(2, (long)state).Bind(3, ++session.ChangedN).Execute();
    }

    private static bool IsErased(SqliteSession session, StoredRecord copy) =>
        FollowRows.ReadHeld(session, copy.Source, [copy.Name]) is [{ Live: false } held]
        && Leaf.TryRead(held.Leaf, out var leaf, out _) && leaf.Operation == LedgerOperation.Erase;
}
