using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;

namespace Federation.Node.Storage.Sqlite;

/// <summary>
/// Begins ledgers anew, on either side. What an incarnation left is moved beside the present one and kept: entries, tiles, receipts and heads.
/// </summary>
internal static class ResetRows
{
    private const string EntryColumns = "p, seq, op, rec, vrev, stmt_hash, epoch, membership, rule, verdict, version, as_of_n, at_ms, prev, written_ms";

    private const string KeepLedger = $"""
        INSERT INTO ledger_past(incarnation, {EntryColumns}) SELECT ?2, {EntryColumns} FROM ledger WHERE p = ?1
        """;

    // What the partner knew better, this node still has an older version of.
    private const string KeepStale = """
        UPDATE record SET stale_n = max(stale_n, (SELECT d.stands_n FROM disclosed d WHERE d.rec = record.rec AND d.p = ?1))
        WHERE rec IN (SELECT rec FROM disclosed WHERE p = ?1 AND stands_n > 0)
        """;

    private const string Pending = """
        SELECT n.incarnation, f.incarnation FROM ledger_reset n JOIN follow f ON f.src = n.p
        WHERE n.p = ?1 AND n.outbound = 0 AND n.incarnation = ?2 AND n.accepted_ms = 0 AND n.incarnation > f.incarnation
        """;

    public static bool Begin(SqliteSession session, LedgerResetWrite write)
    {
        using (var head = session.Use("SELECT ledger, incarnation FROM ledger_head WHERE p = ?1").Bind(1, write.Partner))
        {
            if (!head.Step() || LedgerId.Read(head.Span(0)) != write.ExpectedLedger || head.Int64(1) != write.ExpectedIncarnation)
                return false;
        }

        var (partner, old) = (write.Partner, (long)write.ExpectedIncarnation);
        session.Use(KeepLedger).Bind(1, partner).Bind(2, old).Execute();
        session.Use("INSERT INTO tile_past SELECT ?2, p, level, idx, hashes FROM tile WHERE p = ?1").Bind(1, partner).Bind(2, old).Execute();
        session.Use("INSERT INTO receipt_past SELECT ?2, p, size, time_ms, bytes, sig FROM receipt WHERE p = ?1").Bind(1, partner).Bind(2, old).Execute();
        session.Use("DELETE FROM ledger WHERE p = ?1").Bind(1, partner).Execute();
        session.Use("DELETE FROM tile WHERE p = ?1").Bind(1, partner).Execute();
        session.Use("DELETE FROM receipt WHERE p = ?1").Bind(1, partner).Execute();
        session.Use(KeepStale).Bind(1, partner).Execute();
        session.Use("DELETE FROM disclosed WHERE p = ?1").Bind(1, partner).Execute();
        session.Use("DELETE FROM held_shape WHERE p = ?1").Bind(1, partner).Execute();
        session.Use("DELETE FROM flip WHERE p = ?1").Bind(1, partner).Execute();
        session.Use("DELETE FROM position WHERE name = 'pruned:' || ?1").Bind(1, partner).Execute();
        session.Use("""
            UPDATE ledger_head SET ledger = ?2, incarnation = ?3, size = 0, range = ?4, live_count = 0, buckets = ?5, signed_size = 0, confirmed_boot = '',
              follower_boot = '', forked = 0, term = term + 1, recover_to = 0, stale_to = 0, recovered_entries = 0, recovered_records = 0, holes = 0, holes_end = 0,
              regressed_to = 0, regressed_ms = 0 WHERE p = ?1
            """).Bind(1, partner).Bind(2, write.Ledger.ToBytes()).Bind(3, (long)write.Incarnation).Bind(4, new CompactRange().Encode())
            .Bind(5, new LiveSet().Encode()).Execute();
        session.Use("""
            INSERT INTO ledger_reset(p, outbound, incarnation, bytes, sig, noted_ms, accepted_ms, held_size) VALUES(?1, 1, ?2, ?3, ?4, ?5, ?5, 0)
            """).Bind(1, partner).Bind(2, (long)write.Incarnation).Bind(3, write.Payload).Bind(4, write.Signature).Bind(5, write.NowMs).Execute();
        SweepRows.SetWhole(session, partner);
        session.GuardRaised = true;
        return true;
    }

    /// <summary>Notes a partner's reset until an operator accepts it; a repeat changes nothing.</summary>
    public static void Note(SqliteSession session, int partner, ResetNote note, long nowMs) =>
        session.Use("""
            INSERT OR IGNORE INTO ledger_reset(p, outbound, incarnation, bytes, sig, noted_ms, accepted_ms, held_size) VALUES(?1, 0, ?2, ?3, ?4, ?5, 0, 0)
            """).Bind(1, partner).Bind(2, (long)note.Incarnation).Bind(3, note.Payload).Bind(4, note.Signature).Bind(5, nowMs).Execute();

    public static bool Accept(SqliteSession session, int partner, uint incarnation, long nowMs)
    {
        long old;
        using (var row = session.Use(Pending).Bind(1, partner).Bind(2, (long)incarnation))
        {
            if (!row.Step())
                return false;
            old = row.Int64(1);
        }

        session.Use("""
            INSERT INTO follow_past(src, incarnation, ledger, size, range, head, head_sig, live_count, buckets, receipt_size)
            SELECT src, incarnation, ledger, size, range, head, head_sig, live_count, buckets, receipt_size FROM follow WHERE src = ?1
            """).Bind(1, partner).Execute();
        session.Use("INSERT INTO in_entry_past(src, incarnation, seq, leaf) SELECT src, ?2, seq, leaf FROM in_entry WHERE src = ?1")
            .Bind(1, partner).Bind(2, old).Execute();
        session.Use("DELETE FROM in_entry WHERE src = ?1").Bind(1, partner).Execute();
        // Copies stay readable, and tombstones stay: both are of the old incarnation until the new one speaks of their records.
        session.Use("UPDATE record SET past = ?2 WHERE source = ?1 AND past = 0").Bind(1, partner).Bind(2, old).Execute();
        session.Use("UPDATE ledger_reset SET accepted_ms = ?3, held_size = (SELECT size FROM follow WHERE src = ?1) WHERE p = ?1 AND outbound = 0 AND incarnation = ?2")
            .Bind(1, partner).Bind(2, (long)incarnation).Bind(3, nowMs).Execute();
        session.Use("""
            UPDATE follow SET incarnation = ?2, size = 0, range = ?3, head = x'', head_sig = x'', live_count = 0, buckets = ?4, state = 1, receipt_size = 0,
              fault = '' WHERE src = ?1
            """).Bind(1, partner).Bind(2, (long)incarnation).Bind(3, new CompactRange().Encode()).Bind(4, new LiveSet().Encode()).Execute();
        session.GuardRaised = true;
        return true;
    }

    public static IReadOnlyList<StoredReset> Read(SqliteSession session)
    {
        using var rows = session.Use("SELECT p, outbound, incarnation, bytes, sig, noted_ms, accepted_ms, held_size FROM ledger_reset ORDER BY p, outbound, incarnation");
        var resets = new List<StoredReset>();
        while (rows.Step())
        {
            resets.Add(new StoredReset(
                rows.Int32(0), rows.Int32(1) != 0, (uint)rows.Int64(2), rows.Blob(3), rows.Blob(4), rows.Int64(5), rows.Int64(6), rows.UInt64(7)));
        }

        return resets;
    }
}
