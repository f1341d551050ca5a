using Federation.Protocol.Heads;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Appends to ledgers (T2, T4).</summary>
internal static class DisclosureWriting
{
    private const byte Disclose = (byte)LedgerOperation.Disclose;

    public static bool Append(SqliteSession session, DisclosureBatch batch, string boot)
    {
        if (!Holds(session, batch))
            return false;
        foreach (var (atMs, partner, rec) in batch.TimersCleared)
            session.Use("DELETE FROM timer WHERE p = ?1 AND rec = ?2 AND at_ms = ?3").Bind(1, partner).Bind(2, rec).Bind(3, atMs).Execute();
        foreach (var (atMs, partner, rec) in batch.TimersSet)
        {
            session.Use("INSERT INTO timer(p, rec, at_ms) VALUES(?1, ?2, ?3) ON CONFLICT(p, rec) DO UPDATE SET at_ms = min(at_ms, excluded.at_ms)")
                .Bind(1, partner).Bind(2, rec).Bind(3, atMs).Execute();
        }

        foreach (var append in batch.Appends)
            AppendToPartner(session, append, batch.WrittenMs, boot);
        foreach (var (partner, target) in batch.FlipsNoted)
        {
            session.Use("""
                INSERT OR REPLACE INTO flip(p, target) SELECT ?1, r.rec FROM record r
                WHERE r.rec = ?2 AND EXISTS(SELECT 1 FROM link l WHERE l.origin = r.origin AND l.rid = r.rid)
                """).Bind(1, partner).Bind(2, target).Execute();
        }

        foreach (var (partner, target) in batch.FlipsDone)
            session.Use("DELETE FROM flip WHERE p = ?1 AND target = ?2").Bind(1, partner).Bind(2, target).Execute();
        foreach (var view in batch.ViewSignatures)
        {
            session.Use("INSERT OR IGNORE INTO view(rec, stmt_hash, sig) VALUES(?1, ?2, ?3)")
                .Bind(1, view.Rec).Bind(2, view.StatementHash).Bind(3, view.Signature).Execute();
        }

        SaveProgress(session, batch);
        return true;
    }

    private static bool Holds(SqliteSession session, DisclosureBatch batch)
    {
        foreach (var append in batch.Appends)
        {
            using var row = session.Use($"""
                SELECT h.size, p.epoch, p.membership, h.incarnation, h.term, {CommunityRows.Number} FROM ledger_head h JOIN partner p ON p.p = h.p WHERE h.p = ?1
                """).Bind(1, append.Partner);
            var context = append.Context;
            if (!row.Step() || row.UInt64(0) != append.ExpectedSize || row.Int64(1) != context.Epoch || row.Int64(2) != context.Membership
                || row.Int64(3) != append.Incarnation || row.Int64(4) != append.ExpectedTerm || row.Int64(5) != context.Community)
                return false;
        }

        foreach (var (rec, changedN) in batch.Judged)
        {
            using var row = session.Use("SELECT changed_n FROM record WHERE rec = ?1").Bind(1, rec);
            if (!row.Step() || row.Int64(0) != changedN)
                return false;
        }

        if (batch.Sweep is not { } sweep)
            return true;
        using var pending = session.Use("SELECT epoch, membership, onward FROM sweep WHERE p = ?1").Bind(1, sweep.Partner);
        return pending.Step() && pending.Int64(0) == sweep.Epoch && pending.Int64(1) == sweep.Membership && pending.Int64(2) == sweep.Onward;
    }

    private static void AppendToPartner(SqliteSession session, PartnerAppend append, long writtenMs, string boot)
    {
        ulong signedSize;
        using (var head = session.Use("SELECT signed_size FROM ledger_head WHERE p = ?1").Bind(1, append.Partner))
        {
            head.Step();
            signedSize = head.UInt64(0);
        }

        for (var i = 0; i < append.Entries.Count; i++)
            AppendEntry(session, append, i, writtenMs, signedSize);
        foreach (var tile in append.Tiles)
        {
            session.Use("INSERT OR REPLACE INTO tile(p, level, idx, hashes) VALUES(?1, ?2, ?3, ?4)")
                .Bind(1, append.Partner).Bind(2, tile.Level).Bind(3, tile.Index).Bind(4, tile.Hashes).Execute();
        }

        // While the partner follows, an entry may be on its way as soon as it is appended.
        session.Use("""
            UPDATE ledger_head SET size = ?2, range = ?3, live_count = ?4, buckets = ?5,
              signed_size = CASE WHEN follower_boot = ?6 THEN ?2 ELSE signed_size END WHERE p = ?1
            """).Bind(1, append.Partner).Bind(2, append.ExpectedSize + (ulong)append.Entries.Count).Bind(3, append.Range).Bind(4, append.LiveCount)
            .Bind(5, append.Buckets).Bind(6, boot).Execute();
    }

    private static void AppendEntry(SqliteSession session, PartnerAppend append, int index, long writtenMs, ulong signedSize)
    {
        var (partner, entry) = (append.Partner, append.Entries[index]);
        var previous = ReadPrevious(session, partner, entry.Rec);
        var discloses = entry.Operation == Disclose;
        var firstSeq = previous is { NeverSent: false } known ? known.FirstSeq : entry.Seq;
        var neverSent = !discloses && previous is { } before && (before.NeverSent || before.FirstSeq >= signedSize);
        if (!discloses && previous is { } row)
            firstSeq = row.FirstSeq;

        InsertEntry(session, append, index, writtenMs, previous?.Seq);
        // What was taken back after its end was lost stays so until the record is written again.
        var standsN = discloses ? 0 : previous?.StandsN ?? 0;
        var latest = session
            .Use("""
                INSERT OR REPLACE INTO disclosed(rec, p, seq, op, vrev, stmt_hash, first_seq, never_sent, stands_n, opened)
                VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                """).Bind(1, entry.Rec).Bind(2, partner).Bind(3, entry.Seq).Bind(4, entry.Operation).Bind(5, entry.Vrev).Bind(7, firstSeq)
            .Bind(8, neverSent ? 1 : 0).Bind(9, standsN);
        if (!entry.Opened.IsZero)
            latest.Bind(10, entry.Opened);
        (discloses ? latest.Bind(6, entry.StatementHash) : latest).Execute();
        if (previous is { StandsN: > 0 })
            session.Use("DELETE FROM held_shape WHERE rec = ?1 AND p = ?2").Bind(1, entry.Rec).Bind(2, partner).Execute();
    }

    private static void InsertEntry(SqliteSession session, PartnerAppend append, int index, long writtenMs, ulong? previousSeq)
    {
        var (entry, decision, context) = (append.Entries[index], append.Decisions[index], append.Context);
        var insert = session.Use("""
            INSERT INTO ledger(p, seq, op, rec, vrev, stmt_hash, epoch, membership, rule, verdict, version, as_of_n, at_ms, prev, written_ms)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
            """).Bind(1, append.Partner).Bind(2, entry.Seq).Bind(3, entry.Operation).Bind(4, entry.Rec).Bind(5, entry.Vrev).Bind(7, context.Epoch)
            .Bind(8, context.Membership).Bind(9, decision.Rule).Bind(10, decision.Verdict).Bind(11, decision.Version).Bind(12, decision.AsOfN)
            .Bind(13, context.NowMs).Bind(14, (long?)previousSeq).Bind(15, writtenMs);
        (entry.Operation == Disclose ? insert.Bind(6, entry.StatementHash) : insert).Execute();
    }

    private static (ulong FirstSeq, bool NeverSent, byte Operation, ulong Seq, long StandsN)? ReadPrevious(SqliteSession session, int partner, long rec)
    {
        using var row = session.Use("SELECT first_seq, never_sent, op, seq, stands_n FROM disclosed WHERE rec = ?1 AND p = ?2").Bind(1, rec).Bind(2, partner);
        return row.Step() ? (row.UInt64(0), row.Int32(1) != 0, (byte)row.Int32(2), row.UInt64(3), row.Int64(4)) : null;
    }

    private static void SaveProgress(SqliteSession session, DisclosureBatch batch)
    {
        if (batch.Position is { } position)
            session.Use("INSERT OR REPLACE INTO position(name, n) VALUES('sequencer', ?1)").Bind(1, position).Execute();
        if (batch.Appends.Count > 0)
        {
            session.Use("INSERT INTO position(name, n) VALUES('released', ?1) ON CONFLICT(name) DO UPDATE SET n = max(n, excluded.n)")
                .Bind(1, batch.ReleasedToMs).Execute();
        }
        if (batch.Sweep is not { } sweep)
            return;
        if (sweep.Done)
            session.Use("DELETE FROM sweep WHERE p = ?1").Bind(1, sweep.Partner).Execute();
        else
        {
            var progress = session.Use("UPDATE sweep SET pos = ?2, held_done = ?3 WHERE p = ?1").Bind(1, sweep.Partner).Bind(3, sweep.HeldDone ? 1 : 0);
            (sweep.Position is { } id ? progress.Bind(2, id) : progress).Execute();
        }
    }
}
