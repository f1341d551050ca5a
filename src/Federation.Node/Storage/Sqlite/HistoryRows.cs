using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads what decided ledger entries, and what partners have not confirmed.</summary>
internal static class HistoryRows
{
    private const string Entries = """
        SELECT l.seq, l.op, l.rec, l.vrev, l.stmt_hash, r.origin, r.rid, l.rule, l.verdict, l.version, l.epoch, l.membership, l.as_of_n, l.at_ms, l.prev
        FROM ledger l JOIN record r ON r.rec = l.rec
        """;

    private const string BySeq = $"{Entries} WHERE l.p = ?1 AND l.seq >= ?2 ORDER BY l.seq LIMIT ?3";

    // A removal that replaced what was never sent has nothing to confirm.
    private const string Removals = """
        SELECT l.seq, l.op, l.rec, l.vrev, r.origin, r.rid, iif(l.written_ms > 0, l.written_ms, l.at_ms), coalesce((SELECT time_ms FROM receipt t WHERE t.p = l.p ORDER BY size DESC LIMIT 1), 0)
        FROM ledger l JOIN disclosed d ON d.rec = l.rec AND d.p = l.p JOIN record r ON r.rec = l.rec
        WHERE l.p = ?1 AND l.seq >= max(?2, coalesce((SELECT max(size) FROM receipt t WHERE t.p = ?1), 0)) AND l.op <> 1 AND d.never_sent = 0
          AND iif(l.written_ms > 0, l.written_ms, l.at_ms) <= ?3
        ORDER BY l.seq LIMIT ?4
        """;

    /// <summary>Entries of a partner's ledger from a sequence number on, in order.</summary>
    public static IReadOnlyList<DecidedEntry> Read(SqliteSession session, int partner, ulong fromSeq, int limit)
    {
        using var rows = session.Use(BySeq).Bind(1, partner).Bind(2, fromSeq).Bind(3, limit);
        var entries = new List<DecidedEntry>();
        while (rows.Step())
            entries.Add(ReadRow(rows));
        return entries;
    }

    /// <summary>The entries of one own record in a partner's ledger, newest first: each knows the one before it. At most the limit.</summary>
    public static IReadOnlyList<DecidedEntry> ReadOf(SqliteSession session, int partner, RecordName name, int limit)
    {
        var entries = new List<DecidedEntry>();
        for (var seq = LatestOf(session, partner, name); seq is { } at && entries.Count < limit;)
        {
            // Superseded entries are pruned in the end.
            if (Read(session, partner, at, 1) is not [var entry] || entry.Entry.Seq != at)
                break;
            entries.Add(entry);
            seq = entry.Previous;
        }

        return entries;
    }

    /// <summary>Removals from a sequence number on that were appended up to a moment and are not covered by a receipt.</summary>
    public static IReadOnlyList<PendingRemoval> ReadRemovals(SqliteSession session, int partner, ulong fromSeq, long untilMs, int limit)
    {
        using var rows = session.Use(Removals).Bind(1, partner).Bind(2, fromSeq).Bind(3, untilMs).Bind(4, limit);
        var removals = new List<PendingRemoval>();
        while (rows.Step())
        {
            var entry = new LedgerEntry(rows.UInt64(0), (byte)rows.Int32(1), rows.Int64(2), (uint)rows.Int64(3), Digest.Zero);
            removals.Add(new PendingRemoval(partner, entry, rows.Name(4), rows.Int64(6), rows.Int64(7)));
        }

        return removals;
    }

    /// <summary>Everything by which an entry was decided; null if the ledger has no such entry.</summary>
    public static ArchivedDecision? ReadArchive(SqliteSession session, int partner, ulong seq)
    {
        if (Read(session, partner, seq, 1) is not [var entry] || entry.Entry.Seq != seq)
            return null;
        var record = RecordRows.ReadByNumber(session, entry.Entry.Rec, withBody: false);
        var judged = entry.Entry.Operation == (byte)LedgerOperation.Erase ? null : AsOf(session, record, entry.Decision.AsOfN);
        var targets = new Dictionary<RecordName, IReadOnlyList<ReferenceTarget>>();
        var lost = false;
        foreach (var name in judged is null ? [] : RecordShape.Decode(judged.Shape).Parts.SelectMany(part => part.References).Distinct())
        {
            var own = RecordRows.FindOwn(session, name);
            var then = own is null ? null : AsOf(session, own, entry.Decision.AsOfN);
            // Of another institute's record only what it is now is kept.
            lost |= own is null && RecordRows.FindCopy(session, name) is not null;
            lost |= own is not null && then is null && WasThere(session, own.Rec, entry.Decision.AsOfN);
            targets.Add(name, then is null ? [] : [new ReferenceTarget(then)]);
        }

        return new ArchivedDecision
        {
            Entry = entry,
            Passed = record.Source != 0,
            Policy = PolicyRows.Find(session, partner, entry.Context.Epoch),
            Memberships = GroupRows.ReadUpTo(session, entry.Context.Membership),
            Record = judged,
            Targets = targets,
            TargetsLost = lost,
        };
    }

    // The record with the facts that it had at a change number; null if it had none then, or they are destroyed.
    private static StoredRecord? AsOf(SqliteSession session, StoredRecord record, long changedN)
    {
        using var row = session.Use("SELECT revision, status, shape FROM revision WHERE rec = ?1 AND changed_n <= ?2 ORDER BY revision DESC LIMIT 1")
            .Bind(1, record.Rec).Bind(2, changedN);
        if (!row.Step())
            return null;
        var shape = row.IsNull(2) ? (row.Int32(0) == record.Version ? record.Shape : []) : row.Blob(2);
        if (shape.Length == 0)
            return null;
        return new StoredRecord
        {
            Rec = record.Rec,
            Name = record.Name,
            Source = 0,
            Kind = record.Kind,
            Schema = record.Schema,
            Version = row.Int32(0),
            Status = (RecordStatus)row.Int32(1),
            ChangedN = record.ChangedN,
            ReceivedMs = record.ReceivedMs,
            Shape = shape,
        };
    }

    private static bool WasThere(SqliteSession session, long rec, long changedN)
    {
        using var row = session.Use("SELECT 1 FROM revision WHERE rec = ?1 AND changed_n <= ?2 LIMIT 1").Bind(1, rec).Bind(2, changedN);
        return row.Step();
    }

    private static ulong? LatestOf(SqliteSession session, int partner, RecordName name)
    {
        using var row = session.Use("SELECT d.seq FROM record r JOIN disclosed d ON d.rec = r.rec AND d.p = ?1 WHERE r.origin = ?2 AND r.rid = ?3 AND r.source = 0")
            .Bind(1, partner).Bind(2, name.Origin).Bind(3, name.Id);
        return row.Step() ? row.UInt64(0) : null;
    }

    private static DecidedEntry ReadRow(SqliteStatement row)
    {
        var entry = new LedgerEntry(row.UInt64(0), (byte)row.Int32(1), row.Int64(2), (uint)row.Int64(3), row.IsNull(4) ? Digest.Zero : row.Hash(4));
        var decision = new EntryDecision(row.Int32(7), (byte)row.Int32(8), row.Int32(9), row.Int64(12));
        var context = new DecisionContext(row.Int64(10), row.Int64(11), row.Int64(13));
        return new DecidedEntry(entry, row.Name(5), decision, context, row.IsNull(14) ? null : row.UInt64(14));
    }
}
