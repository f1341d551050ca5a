using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads ledgers, and writes what concerns contact and receipts.</summary>
internal static class LedgerRows
{
    private const string Heads = """
        SELECT h.p, h.ledger, h.incarnation, h.size, h.range, h.live_count, h.buckets, h.signed_size, h.confirmed_boot, h.forked,
          coalesce((SELECT max(size) FROM receipt t WHERE t.p = h.p), 0), coalesce((SELECT time_ms FROM receipt t WHERE t.p = h.p ORDER BY size DESC LIMIT 1), 0),
          (SELECT iif(l.written_ms > 0, l.written_ms, l.at_ms) FROM ledger l WHERE l.p = h.p
            AND l.seq >= coalesce((SELECT max(size) FROM receipt t WHERE t.p = h.p), 0) ORDER BY l.seq LIMIT 1),
          h.term, h.recover_to, h.recovered_entries, h.recovered_records, h.regressed_to, h.regressed_ms,
          (SELECT count(*) FROM disclosed d JOIN record r ON r.rec = d.rec WHERE d.p = h.p AND d.stands_n > 0 AND r.changed_n <= d.stands_n),
          iif(h.holes > 0, h.holes_end, 0), h.stale_to
        FROM ledger_head h WHERE ?1 = 0 OR h.p = ?1 ORDER BY h.p
        """;

    private const string Entries = """
        SELECT seq, op, rec, vrev, stmt_hash, first_seq, opened FROM disclosed INDEXED BY disclosed_seq
        WHERE p = ?1 AND seq >= ?2 AND never_sent = 0 ORDER BY seq LIMIT ?3
        """;

    private const string Tail = """
        SELECT l.seq, l.op, l.rec, l.vrev, l.stmt_hash, r.origin, r.rid FROM ledger l LEFT JOIN record r ON r.rec = l.rec
        WHERE l.p = ?1 AND l.seq >= ?2 ORDER BY l.seq LIMIT 256
        """;

    public static List<LedgerHead> ReadHeads(SqliteSession session, int partner, string boot)
    {
        using var rows = session.Use(Heads).Bind(1, partner);
        var heads = new List<LedgerHead>();
        while (rows.Step())
        {
            heads.Add(new LedgerHead
            {
                Partner = rows.Int32(0),
                Ledger = LedgerId.Read(rows.Span(1)),
                Incarnation = (uint)rows.Int64(2),
                Size = rows.UInt64(3),
                Range = rows.Blob(4),
                LiveCount = rows.UInt64(5),
                Buckets = rows.Blob(6),
                SignedSize = rows.UInt64(7),
                Confirmed = rows.Text(8) == boot,
                Forked = rows.Int32(9) != 0,
                Damaged = rows.Int32(9) == 2,
                ReceiptSize = rows.UInt64(10),
                ReceiptMs = rows.Int64(11),
                OldestUnreceiptedMs = rows.NullableInt64(12),
                Term = rows.Int64(13),
                RecoverTo = rows.UInt64(14),
                RecoveredEntries = rows.UInt64(15),
                RecoveredRecords = rows.UInt64(16),
                RegressedTo = rows.UInt64(17),
                RegressedMs = rows.Int64(18),
                StandingRecords = rows.UInt64(19),
                HolesEnd = rows.UInt64(20),
                StaleUpToN = rows.Int64(21),
            });
        }

        return heads;
    }

    public static LedgerStretch VisitStretch(
        SqliteSession session, int partner, ulong fromSeq, int maxEntries, bool withBodies, Func<LedgerStretch, StretchEntry?, bool> visit, string boot)
    {
        var stretch = ReadStretchHead(session, partner, boot);
        using var rows = session.Use(Entries).Bind(1, partner).Bind(2, fromSeq).Bind(3, maxEntries);
        for (var count = 0; rows.Step(); count++)
        {
            var latest = new DisclosedRow(
                rows.Int64(2), partner, rows.UInt64(0), (byte)rows.Int32(1), (uint)rows.Int64(3), Hash(rows, 4), rows.UInt64(5), NeverSent: false,
                Hash(rows, 6));
            var shown = latest.Operation == (byte)LedgerOperation.Disclose;
            var record = RecordRows.ReadByNumber(session, latest.Rec, withBodies && shown);
            if (shown)
                RecordRows.AddTargets(session, latest.Rec, stretch.Targets);
            if (!visit(stretch, new StretchEntry(latest, record, withBodies && shown ? ReadSignature(session, latest) : null)) || count == maxEntries - 1)
                return stretch;
        }

        visit(stretch, null);
        return stretch;
    }

    public static IReadOnlyList<ulong> ReadLatest(SqliteSession session, int partner, ulong fromSeq, ulong buckets, int limit)
    {
        using var rows = session.Use("""
            SELECT d.seq, r.rid FROM disclosed d INDEXED BY disclosed_seq JOIN record r ON r.rec = d.rec
            WHERE d.p = ?1 AND d.seq >= ?2 AND d.never_sent = 0 ORDER BY d.seq
            """).Bind(1, partner).Bind(2, fromSeq);
        var seqs = new List<ulong>();
        while (seqs.Count < limit && rows.Step())
        {
            if ((buckets >> LiveSet.BucketOf(RecordId.Read(rows.Span(1))) & 1) == 1)
                seqs.Add(rows.UInt64(0));
        }

        return seqs;
    }

    private static LedgerStretch ReadStretchHead(SqliteSession session, int partner, string boot)
    {
        var head = ReadHeads(session, partner, boot) is [var only] ? only : throw new StoreFaultException($"partner {partner} has no ledger");
        using var epoch = session
            .Use($"SELECT epoch, membership, {CommunityRows.Number}, EXISTS(SELECT 1 FROM sweep WHERE sweep.p = partner.p) FROM partner WHERE p = ?1").Bind(1, partner);
        epoch.Step();
        return new LedgerStretch
        {
            Head = head,
            Epoch = epoch.Int64(0),
            Membership = epoch.Int64(1),
            Community = epoch.Int64(2),
            Swept = epoch.Int64(3) != 0,
            Tile = (level, index) => ReadTile(session, partner, level, index),
            Tail = from => ReadTail(session, partner, from),
        };
    }

    public static (IReadOnlyList<byte[]?> Tiles, IReadOnlyList<LedgerEntryName> Tail) ReadTree(
        SqliteSession session, int partner, IReadOnlyList<(int Level, long Index)> coordinates, ulong tailFrom)
    {
        var tiles = new List<byte[]?>(coordinates.Count);
        foreach (var (level, index) in coordinates)
            tiles.Add(ReadTile(session, partner, level, index));
        return (tiles, ReadTail(session, partner, tailFrom));
    }

    private static byte[]? ReadTile(SqliteSession session, int partner, int level, long index)
    {
        using var row = session.Use("SELECT hashes FROM tile WHERE p = ?1 AND level = ?2 AND idx = ?3").Bind(1, partner).Bind(2, level).Bind(3, index);
        return row.Step() ? row.Blob(0) : null;
    }

    // A hole, recovered as a hash alone, has no record.
    private static List<LedgerEntryName> ReadTail(SqliteSession session, int partner, ulong from)
    {
        var tail = new List<LedgerEntryName>();
        using var rows = session.Use(Tail).Bind(1, partner).Bind(2, from);
        while (rows.Step())
        {
            var entry = new LedgerEntry(rows.UInt64(0), (byte)rows.Int32(1), rows.Int64(2), (uint)rows.Int64(3), Hash(rows, 4));
            tail.Add(new LedgerEntryName(entry, rows.IsNull(5) ? default : rows.Name(5)));
        }

        return tail;
    }

    public static LedgerHead Confirm(SqliteSession session, int partner, long term, bool following, string boot)
    {
        session.Use("""
            UPDATE ledger_head SET confirmed_boot = ?3, follower_boot = ?4, signed_size = size
            WHERE p = ?1 AND term = ?2 AND recover_to = 0 AND forked = 0
            """).Bind(1, partner).Bind(2, term).Bind(3, boot).Bind(4, following ? boot : "").Execute();
        return ReadHeads(session, partner, boot)[0];
    }

    /// <summary>Notes that the end of a ledger is missing; nothing is confirmed from then on. Another term in the store changes nothing.</summary>
    public static bool BeginRecovery(SqliteSession session, int partner, ulong size, long term, long staleUpToN)
    {
        session.Use("""
            UPDATE ledger_head SET stale_to = iif(recover_to < ?2, ?4, stale_to), recover_to = max(recover_to, ?2), confirmed_boot = '', follower_boot = ''
            WHERE p = ?1 AND term = ?3 AND forked = 0
            """).Bind(1, partner).Bind(2, size).Bind(3, term).Bind(4, staleUpToN).Execute();
        return true;
    }

    /// <summary>Lets a ledger go on that was stopped as damaged; whatever happened meanwhile was judged for nobody, and is now.</summary>
    public static void LetGoOn(SqliteSession session, int partner)
    {
        using (var damaged = session.Use("SELECT 1 FROM ledger_head WHERE p = ?1 AND forked = 2").Bind(1, partner))
        {
            if (!damaged.Step())
                return;
        }

        session.Use("UPDATE ledger_head SET forked = 0 WHERE p = ?1").Bind(1, partner).Execute();
        SweepRows.SetWhole(session, partner);
        session.GuardRaised = true;
    }

    /// <summary>Notes that the partner came back with less than it had receipted.</summary>
    public static bool NoteRegression(SqliteSession session, int partner, ulong size, long nowMs)
    {
        session.Use("UPDATE ledger_head SET regressed_to = ?2, regressed_ms = ?3 WHERE p = ?1").Bind(1, partner).Bind(2, size).Bind(3, nowMs).Execute();
        return true;
    }

    public static void SaveReceipt(SqliteSession session, int partner, Receipt receipt, byte[] payload, byte[] signature) =>
        session.Use("INSERT OR REPLACE INTO receipt(p, size, time_ms, bytes, sig) VALUES(?1, ?2, ?3, ?4, ?5)")
            .Bind(1, partner).Bind(2, receipt.Size).Bind(3, receipt.TimeMs).Bind(4, payload).Bind(5, signature).Execute();

    public static (byte[] Payload, byte[] Signature)? ReadReceipt(SqliteSession session, int partner)
    {
        using var row = session.Use("SELECT bytes, sig FROM receipt WHERE p = ?1 ORDER BY size DESC LIMIT 1").Bind(1, partner);
        return row.Step() ? (row.Blob(0), row.Blob(1)) : null;
    }

    public static (byte[] Payload, byte[] Signature)? ReadReceiptAbove(SqliteSession session, int partner, ulong size)
    {
        using var row = session.Use("SELECT bytes, sig FROM receipt WHERE p = ?1 AND size > ?2 ORDER BY size LIMIT 1").Bind(1, partner).Bind(2, size);
        return row.Step() ? (row.Blob(0), row.Blob(1)) : null;
    }

    private static byte[]? ReadSignature(SqliteSession session, DisclosedRow latest)
    {
        using var row = session.Use("SELECT sig FROM view WHERE rec = ?1 AND stmt_hash = ?2").Bind(1, latest.Rec).Bind(2, latest.StatementHash);
        return row.Step() ? row.Blob(0) : null;
    }

    private static Digest Hash(SqliteStatement row, int column) => row.IsNull(column) ? Digest.Zero : row.Hash(column);
}
