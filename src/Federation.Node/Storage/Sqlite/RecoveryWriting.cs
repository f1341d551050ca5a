using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Puts back the lost end of a ledger (T8).</summary>
internal static class RecoveryWriting
{
    private const string InsertEntry = """
        INSERT INTO ledger(p, seq, op, rec, vrev, stmt_hash, at_ms, prev) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """;

    private const string UpsertLatest = """
        INSERT OR REPLACE INTO disclosed(rec, p, seq, op, vrev, stmt_hash, first_seq, never_sent, stands_n, opened)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """;

    private const string InsertBare = """
        INSERT INTO record(origin, rid, source, kind, schema, version, status, changed_n, received_ms, shape) VALUES(?1, ?2, 0, 0, 0, 1, ?3, ?4, ?5, x'')
        """;

    private const string UpdateHead = """
        UPDATE ledger_head SET size = ?2, range = ?3, live_count = ?4, buckets = ?5, signed_size = ?2, term = term + 1, recover_to = 0, stale_to = 0,
          confirmed_boot = '', follower_boot = '', recovered_entries = recovered_entries + ?6, recovered_records = recovered_records + ?7,
          holes = holes + ?8, holes_end = CASE WHEN ?8 > 0 THEN ?2 ELSE holes_end END WHERE p = ?1
        """;

    public static RecoveryOutcome? Recover(SqliteSession session, LedgerRecovery recovery)
    {
        using (var row = session.Use("SELECT size, term, forked FROM ledger_head WHERE p = ?1").Bind(1, recovery.Partner))
        {
            if (!row.Step() || row.UInt64(0) != recovery.ExpectedSize || row.Int64(1) != recovery.ExpectedTerm || row.Int64(2) != 0)
                return null;
        }

        Drop(session, recovery);
        var (restored, erased) = (0, 0);
        var recs = new Dictionary<RecordName, long>();
        foreach (var record in recovery.Latest)
            recs.Add(record.Entry.Name!.Value, Place(session, recovery, record, ref restored, ref erased));
        var latest = new Dictionary<long, ulong?>();
        foreach (var entry in recovery.Entries)
            Insert(session, recovery, entry, entry.Name is { } name ? recs[name] : 0, latest);
        foreach (var record in recovery.Latest)
            WriteLatest(session, recovery, record, recs[record.Entry.Name!.Value]);
        // What was there before may reach further, or lie in the place of entries of which only a hash is known now.
        session.Use("DELETE FROM tile WHERE p = ?1 AND idx >= (?2 >> (8 * (level + 1)))").Bind(1, recovery.Partner).Bind(2, recovery.From).Execute();
        foreach (var tile in recovery.Tiles)
        {
            session.Use("INSERT OR REPLACE INTO tile(p, level, idx, hashes) VALUES(?1, ?2, ?3, ?4)")
                .Bind(1, recovery.Partner).Bind(2, tile.Level).Bind(3, tile.Index).Bind(4, tile.Hashes).Execute();
        }

        var holes = recovery.Entries.Where(entry => entry.Operation == 0).Sum(entry => 1L << entry.Level);
        var count = (long)(recovery.Size - recovery.From);
        session.Use(UpdateHead).Bind(1, recovery.Partner).Bind(2, recovery.Size).Bind(3, recovery.Range).Bind(4, recovery.LiveCount)
            .Bind(5, recovery.Buckets).Bind(6, count).Bind(7, restored).Bind(8, holes).Execute();
        // Whatever was dropped, and whatever came back, is judged again.
        SweepRows.SetWhole(session, recovery.Partner);
        session.GuardRaised = true;
        return new RecoveryOutcome(count, restored, erased);
    }

    private static void Drop(SqliteSession session, LedgerRecovery recovery)
    {
        session.Use("DELETE FROM ledger WHERE p = ?1 AND seq >= ?2").Bind(1, recovery.Partner).Bind(2, recovery.From).Execute();
        foreach (var (rec, before) in recovery.Dropped)
        {
            session.Use("DELETE FROM disclosed WHERE rec = ?1 AND p = ?2").Bind(1, rec).Bind(2, recovery.Partner).Execute();
            session.Use("DELETE FROM held_shape WHERE rec = ?1 AND p = ?2").Bind(1, rec).Bind(2, recovery.Partner).Execute();
            if (before is { } row)
                WriteRow(session, row);
        }
    }

    // The local number of the record; an own one that is not known is made, one that the lost entries say is erased is erased.
    private static long Place(SqliteSession session, LedgerRecovery recovery, RecoveredRecord record, ref int restored, ref int erased)
    {
        var name = record.Entry.Name!.Value;
        var erases = record.Entry.Operation == (byte)LedgerOperation.Erase;
        if (record.Passed)
            return AwaitedRows.Place(session, name, erases, recovery.NowMs);
        var own = RecordRows.FindOwn(session, name);
        if (own is not null)
        {
            if (erases && own.Status != RecordStatus.Erased)
            {
                RecordWriting.Erase(session, name, own.Version, recovery.NowMs);
                erased++;
            }
            else if (record.Restored is { } content && own.Status == RecordStatus.Removed && own.Version == content.ExpectedVersion)
            {
                Restore(session, own.Rec, content);
                restored++;
            }

            return own.Rec;
        }

        if (record.Restored is { ExpectedVersion: 0 } lost)
        {
            restored++;
            RecordWriting.Write(session, lost);
            return RecordRows.FindOwn(session, name)!.Rec;
        }

        session.Use(InsertBare).Bind(1, name.Origin).Bind(2, name.Id).Bind(3, (long)(erases ? RecordStatus.Erased : RecordStatus.Removed))
            .Bind(4, ++session.ChangedN).Bind(5, recovery.NowMs).Execute();
        return session.LastInsertedRow();
    }

    // A record of which only the name had come back, from another partner.
    private static void Restore(SqliteSession session, long rec, RecordWrite content)
    {
        RecordWriting.Write(session, content);
        session.Use("INSERT OR REPLACE INTO rec_key(rec, k, dek) VALUES(?1, ?2, ?3)").Bind(1, rec).Bind(2, content.SaltKey).Bind(3, content.DataKey).Execute();
    }

    private static void Insert(SqliteSession session, LedgerRecovery recovery, RecoveredEntry entry, long rec, Dictionary<long, ulong?> latest)
    {
        if (!latest.TryGetValue(rec, out var previous))
            previous = LatestOf(session, recovery.Partner, rec);
        latest[rec] = rec == 0 ? null : entry.Seq;
        var insert = session.Use(InsertEntry).Bind(1, recovery.Partner).Bind(2, entry.Seq).Bind(3, entry.Operation).Bind(4, rec).Bind(5, rec == 0 ? entry.Level : entry.Vrev)
            .Bind(7, recovery.NowMs).Bind(8, (long?)previous);
        (entry.Operation is 0 or (byte)LedgerOperation.Disclose ? insert.Bind(6, entry.Hash) : insert).Execute();
    }

    private static ulong? LatestOf(SqliteSession session, int partner, long rec)
    {
        using var row = session.Use("SELECT seq FROM disclosed WHERE rec = ?1 AND p = ?2").Bind(1, rec).Bind(2, partner);
        return row.Step() ? row.UInt64(0) : null;
    }

    private static void WriteLatest(SqliteSession session, LedgerRecovery recovery, RecoveredRecord record, long rec)
    {
        var entry = record.Entry;
        var row = new DisclosedRow(rec, recovery.Partner, entry.Seq, entry.Operation, entry.Vrev, entry.Hash, record.FirstSeq, NeverSent: false, record.Opened);
        var own = RecordRows.ReadByNumber(session, rec, withBody: false);
        var isNew = record.Restored is not null || (!record.Passed && own.Status is RecordStatus.Removed);
        // What was written since this node started is newer than what was lost before; what was made just now is not.
        var standsN = isNew ? own.ChangedN : recovery.StaleUpToN;
        WriteRow(session, record.Stands ? row with { StandsN = Math.Max(1, standsN), HeldShape = record.HeldShape } : row);
        foreach (var name in record.References)
            session.Use("INSERT OR IGNORE INTO link(origin, rid, rec) VALUES(?1, ?2, ?3)").Bind(1, name.Origin).Bind(2, name.Id).Bind(3, rec).Execute();
        if (record is { Stands: true, Older: true } && !isNew)
            session.Use("UPDATE record SET stale_n = max(stale_n, ?2) WHERE rec = ?1").Bind(1, rec).Bind(2, recovery.StaleUpToN).Execute();
    }

    private static void WriteRow(SqliteSession session, DisclosedRow row)
    {
        var upsert = session.Use(UpsertLatest).Bind(1, row.Rec).Bind(2, row.Partner).Bind(3, row.Seq).Bind(4, row.Operation).Bind(5, row.Vrev)
            .Bind(7, row.FirstSeq).Bind(8, row.NeverSent ? 1 : 0).Bind(9, row.StandsN);
        if (row.Operation == (byte)LedgerOperation.Disclose)
            upsert.Bind(6, row.StatementHash);
        if (!row.Opened.IsZero)
            upsert.Bind(10, row.Opened);
        upsert.Execute();
        session.Use("DELETE FROM held_shape WHERE rec = ?1 AND p = ?2").Bind(1, row.Rec).Bind(2, row.Partner).Execute();
        if (row.HeldShape is { } shape)
            session.Use("INSERT INTO held_shape(rec, p, shape) VALUES(?1, ?2, ?3)").Bind(1, row.Rec).Bind(2, row.Partner).Bind(3, shape).Execute();
    }
}
