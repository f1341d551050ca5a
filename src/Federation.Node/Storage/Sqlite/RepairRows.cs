using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads what is held of a followed ledger piece by piece, and stores entries again that were lost.</summary>
internal static class RepairRows
{
    private const int PageSize = 4096;

    private const string Live = """
        SELECT r.rec, r.rid, e.leaf, b.rec FROM record r JOIN in_entry e ON e.src = r.source AND e.seq = r.seq LEFT JOIN body b ON b.rec = r.rec
        WHERE r.source = ?1 AND r.rec > ?2 AND r.status IN (0, 4) AND r.past = 0 ORDER BY r.rec LIMIT ?3
        """;

    private const string Record = """
        SELECT r.rec, r.version, r.status, b.rec, r.past FROM record r LEFT JOIN body b ON b.rec = r.rec WHERE r.origin = ?1 AND r.rid = ?2 AND r.source = ?3
        """;

    public static LiveHeldPage ReadLive(SqliteSession session, int partner, long afterRec)
    {
        var follow = FollowRows.Read(session, partner) is [var only] ? only : throw new StoreFaultException($"partner {partner} is not followed");
        using var rows = session.Use(Live).Bind(1, partner).Bind(2, afterRec).Bind(3, PageSize);
        var live = new List<(RecordId, Digest)>();
        var last = afterRec;
        var count = 0;
        for (; rows.Step(); count++)
        {
            last = rows.Int64(0);
            var id = RecordId.Read(rows.Span(1));
            if (!rows.IsNull(3) && Leaf.TryRead(rows.Span(2), out var leaf, out _) && leaf.Record == id && leaf.Operation == LedgerOperation.Disclose)
                live.Add((id, leaf.Hash(follow.Ledger)));
        }

        return new LiveHeldPage(live, count == PageSize ? last : null);
    }

    public static HeldPiece Read(SqliteSession session, int partner, ulong seq, RecordName name)
    {
        var follow = FollowRows.Read(session, partner) is [var only] ? only : throw new StoreFaultException($"partner {partner} is not followed");
        return new HeldPiece(ReadPiece(session, follow, seq), ReadRecord(session, partner, name));
    }

    public static bool Write(SqliteSession session, RepairBatch batch)
    {
        using (var cursor = session.Use("SELECT size FROM follow WHERE src = ?1").Bind(1, batch.Partner))
        {
            if (!cursor.Step() || cursor.UInt64(0) != batch.ExpectedSize)
                return false;
        }

        if (batch.Item is { } item)
            Write(session, batch, item);
        if (batch.Live is { } live)
        {
            session.Use("UPDATE follow SET live_count = ?2, buckets = ?3 WHERE src = ?1").Bind(1, batch.Partner).Bind(2, live.Count).Bind(3, live.Encode())
                .Execute();
        }

        return true;
    }

    private static void Write(SqliteSession session, RepairBatch batch, RepairItem item)
    {
        Span<byte> bytes = stackalloc byte[Leaf.SizeBytes];
        session.Use("DELETE FROM in_entry WHERE src = ?1 AND seq = ?2").Bind(1, batch.Partner).Bind(2, item.PieceSeq).Execute();
        foreach (var piece in item.Pieces)
        {
            var length = HeldItem.Encode(piece.Leaf, piece.Level, piece.Hash, bytes);
            session.Use("INSERT INTO in_entry(src, seq, leaf) VALUES(?1, ?2, ?3)")
                .Bind(1, batch.Partner).Bind(2, piece.Seq).Bind(3, (ReadOnlySpan<byte>)bytes[..length]).Execute();
        }

        ApplyWriting.ApplyEntry(session, batch.Partner, batch.NowMs, item.Received.Leaf!.Value, item.Received);
    }

    private static HeldItem? ReadPiece(SqliteSession session, FollowRow follow, ulong seq)
    {
        using var row = session.Use("SELECT seq, leaf FROM in_entry WHERE src = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT 1").Bind(1, follow.Partner).Bind(2, seq);
        return row.Step() ? HeldItem.Decode(follow.Ledger, row.UInt64(0), row.Span(1)) : null;
    }

    private static HeldRow? ReadRecord(SqliteSession session, int partner, RecordName name)
    {
        using var row = session.Use(Record).Bind(1, name.Origin).Bind(2, name.Id).Bind(3, partner);
        if (!row.Step())
            return null;
        // What is left of an ended incarnation is older than any entry of the present one, and no live entry of it.
        if (row.Int64(4) is > 0 and var past)
            return new HeldRow(row.Int64(0), 0, false, [], (uint)past);
        var live = (RecordStatus)row.Int32(2) is RecordStatus.Live or RecordStatus.Quarantined && !row.IsNull(3);
        return new HeldRow(row.Int64(0), (uint)row.Int64(1), live, [], (uint)row.Int64(4));
    }
}
