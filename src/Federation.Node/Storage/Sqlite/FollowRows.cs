using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads followed ledgers and writes their states.</summary>
internal static class FollowRows
{
    private const string Held = """
        SELECT r.rec, r.status, coalesce(e.leaf, x.leaf), r.past FROM record r LEFT JOIN in_entry e ON r.past = 0 AND e.src = r.source AND e.seq = r.seq
          LEFT JOIN in_entry_past x ON r.past > 0 AND x.src = r.source AND x.incarnation = r.past AND x.seq = r.seq
        WHERE r.origin = ?1 AND r.rid = ?2 AND r.source = ?3
        """;

    private const string Inbound = """
        SELECT e.seq, e.leaf, r.rec, v.sig FROM in_entry e LEFT JOIN record r ON r.source = e.src AND r.seq = e.seq AND r.past = 0 AND r.status IN (0, 4)
          AND r.origin = substr(e.leaf, 11, 16) AND r.rid = substr(e.leaf, 27, 16)
        LEFT JOIN view v ON v.rec = r.rec WHERE e.src = ?1 AND e.seq >= ?2 ORDER BY e.seq LIMIT ?3
        """;

    public static List<FollowRow> Read(SqliteSession session, int partner)
    {
        const string sql = """
            SELECT src, ledger, incarnation, size, range, head, head_sig, live_count, buckets, state, receipt_size, fault FROM follow
            WHERE ?1 = 0 OR src = ?1 ORDER BY src
            """;
        using var rows = session.Use(sql).Bind(1, partner);
        var followers = new List<FollowRow>();
        while (rows.Step())
            followers.Add(ReadRow(rows));
        return followers;
    }

    public static FollowRow? ReadEnded(SqliteSession session, int partner, uint incarnation)
    {
        const string sql = """
            SELECT src, ledger, incarnation, size, range, head, head_sig, live_count, buckets, 2, receipt_size, '' FROM follow_past
            WHERE src = ?1 AND incarnation = ?2
            """;
        using var row = session.Use(sql).Bind(1, partner).Bind(2, (long)incarnation);
        return row.Step() ? ReadRow(row) : null;
    }

    /// <summary>Writes what does not belong to a batch; the ledger's id and incarnation are set once.</summary>
    public static bool Save(SqliteSession session, FollowWrite write)
    {
        if (write.Contact is { } contact)
        {
            session.Use("UPDATE follow SET ledger = ?2, incarnation = ?3, state = 1 WHERE src = ?1 AND incarnation = 0")
                .Bind(1, write.Partner).Bind(2, contact.Ledger.ToBytes()).Bind(3, (long)contact.Incarnation).Execute();
        }

        if (write.ReceiptSize is { } size)
            session.Use("UPDATE follow SET receipt_size = max(receipt_size, ?2) WHERE src = ?1").Bind(1, write.Partner).Bind(2, size).Execute();
        if (write.Resume)
        {
            session.Use("UPDATE follow SET state = 1 WHERE src = ?1 AND state = 2").Bind(1, write.Partner).Execute();
            LedgerRows.LetGoOn(session, write.Partner);
        }

        return true;
    }

    public static IReadOnlyList<HeldRow?> ReadHeld(SqliteSession session, int partner, IReadOnlyList<RecordName> names)
    {
        var held = new HeldRow?[names.Count];
        for (var i = 0; i < names.Count; i++)
        {
            using var row = session.Use(Held).Bind(1, names[i].Origin).Bind(2, names[i].Id).Bind(3, partner);
            if (!row.Step())
                continue;
            if ((RecordStatus)row.Int32(1) == RecordStatus.Awaited)
            {
                held[i] = new HeldRow(row.Int64(0), 0, false, [], (uint)row.Int64(3));
                continue;
            }

            var leafBytes = row.Blob(2);
            if (!Leaf.TryRead(leafBytes, out var leaf, out var error))
                throw new StoreFaultException($"a stored entry can't be read: {error}");
            var live = (RecordStatus)row.Int32(1) is RecordStatus.Live or RecordStatus.Quarantined;
            held[i] = new HeldRow(row.Int64(0), leaf.Vrev, live, leafBytes, (uint)row.Int64(3));
        }

        return held;
    }

    public static InboundStretch ReadInbound(SqliteSession session, int partner, ulong fromSeq, int maxEntries)
    {
        var follow = Read(session, partner) is [var only] ? only : throw new StoreFaultException($"partner {partner} is not followed");
        var items = new List<HeldItem>();
        var records = new Dictionary<ulong, (StoredRecord, byte[])>();
        using var rows = session.Use(Inbound).Bind(1, partner).Bind(2, PieceAt(session, follow.Ledger, partner, fromSeq)).Bind(3, maxEntries);
        while (rows.Step())
        {
            items.Add(HeldItem.Decode(follow.Ledger, rows.UInt64(0), rows.Span(1)));
            if (!rows.IsNull(2))
                records.Add(rows.UInt64(0), (RecordRows.ReadByNumber(session, rows.Int64(2), withBody: true), rows.IsNull(3) ? [] : rows.Blob(3)));
        }

        return new InboundStretch(follow, items, records);
    }

    // Where the piece that contains a sequence number begins.
    private static ulong PieceAt(SqliteSession session, LedgerId ledger, int partner, ulong seq)
    {
        using var row = session.Use("SELECT seq, leaf FROM in_entry WHERE src = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT 1").Bind(1, partner).Bind(2, seq);
        return row.Step() && HeldItem.Decode(ledger, row.UInt64(0), row.Span(1)) is var piece && piece.End > seq ? piece.Seq : seq;
    }

    private static FollowRow ReadRow(SqliteStatement row) => new()
    {
        Partner = row.Int32(0),
        Ledger = LedgerId.Read(row.Span(1)),
        Incarnation = (uint)row.Int64(2),
        Size = row.UInt64(3),
        Range = row.Blob(4),
        Head = row.Blob(5),
        HeadSignature = row.Blob(6),
        LiveCount = row.UInt64(7),
        Buckets = row.Blob(8),
        State = (FollowState)row.Int32(9),
        ReceiptSize = row.UInt64(10),
        Fault = row.Text(11),
    };
}
