using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Applies a follower's verified batch (T5).</summary>
internal static class ApplyWriting
{
    private const string Insert = """
        INSERT INTO record(origin, rid, source, kind, schema, version, status, changed_n, received_ms, tlp, state, severity, availability, language, title,
          issued_ms, shape, seq, reason, highest_tlp, types, onward, hop)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)
        """;

    // What was a candidate once stays one: a narrowed copy is taken back from those who have it.
    private const string Update = """
        UPDATE record SET kind = ?4, schema = ?5, version = ?6, status = ?7, changed_n = ?8, received_ms = ?9, tlp = ?10, state = ?11, severity = ?12,
          availability = ?13, language = ?14, title = ?15, issued_ms = ?16, shape = ?17, seq = ?18, reason = ?19,
          highest_tlp = ?20, types = ?21, onward = CASE WHEN ?22 = 1 THEN 1 ELSE onward END, hop = ?23, past = 0
        WHERE origin = ?1 AND rid = ?2 AND source = ?3
        """;

    private const string Past = "SELECT origin, rid, rec, hop FROM record INDEXED BY record_past WHERE source = ?1 AND past > 0 AND status IN (0, 4)";

    public static ApplyOutcome Apply(SqliteSession session, FollowerBatch batch)
    {
        // Check and store are one transaction (R3): of two followers of one ledger neither takes back what the other one has verified, not even
        // a later head of the same size, and neither goes on after the other one has found a fault.
        using (var cursor = session.Use("SELECT size, head, state FROM follow WHERE src = ?1").Bind(1, batch.Partner))
        {
            if (!cursor.Step() || cursor.UInt64(0) != batch.ExpectedSize || !cursor.Span(1).SequenceEqual(batch.ExpectedHead)
                || (FollowState)cursor.Int32(2) == FollowState.Halted)
                return new ApplyOutcome(false, false);
        }

        var removed = false;
        var seq = batch.ExpectedSize;
        foreach (var item in batch.Items)
        {
            AppendEntry(session, batch.Partner, seq, item);
            if (item.Leaf is { } leaf)
                removed |= ApplyEntry(session, batch.Partner, batch.NowMs, leaf, item);
            seq += 1UL << item.Level;
        }

        if (batch.EndsPast)
            removed |= EndPast(session, batch);

        session.Use("UPDATE follow SET size = ?2, range = ?3, head = ?4, head_sig = ?5, live_count = ?6, buckets = ?7, state = 1, fault = '' WHERE src = ?1")
            .Bind(1, batch.Partner).Bind(2, seq).Bind(3, batch.Range).Bind(4, batch.Head).Bind(5, batch.HeadSignature).Bind(6, batch.LiveCount)
            .Bind(7, batch.Buckets).Execute();
        return new ApplyOutcome(true, removed);
    }

    private static void AppendEntry(SqliteSession session, int partner, ulong seq, ReceivedItem item)
    {
        Span<byte> bytes = stackalloc byte[Leaf.SizeBytes];
        var length = HeldItem.Encode(item.Leaf, item.Level, item.Hash, bytes);
        session.Use("INSERT INTO in_entry(src, seq, leaf) VALUES(?1, ?2, ?3)")
            .Bind(1, partner).Bind(2, seq).Bind(3, (ReadOnlySpan<byte>)bytes[..length]).Execute();
    }

    /// <summary>Writes the record that an entry shows or takes back; returns whether content was removed or replaced.</summary>
    public static bool ApplyEntry(SqliteSession session, int partner, long nowMs, Leaf leaf, ReceivedItem item)
    {
        if (item.Record is { } record)
            return WriteRecord(session, partner, nowMs, leaf, record, item);
        var removed = WriteTombstone(session, partner, nowMs, leaf, item);
        if (item.Forwarded)
            ShowOtherCopy(session, new RecordName(leaf.Origin, leaf.Record));
        return removed;
    }

    // Readers see one copy of a record that came through several partners; when that one goes they hear of the next.
    private static void ShowOtherCopy(SqliteSession session, RecordName name)
    {
        long rec;
        using (var other = session.Use("SELECT rec FROM record WHERE origin = ?1 AND rid = ?2 AND hop > 0 AND status = 0 ORDER BY source LIMIT 1")
            .Bind(1, name.Origin).Bind(2, name.Id))
        {
            if (!other.Step())
                return;
            rec = other.Int64(0);
        }

        session.Use("UPDATE record SET changed_n = ?2 WHERE rec = ?1").Bind(1, rec).Bind(2, ++session.ChangedN).Execute();
    }

    private static bool WriteRecord(SqliteSession session, int partner, long nowMs, Leaf leaf, ReceivedRecord record, ReceivedItem item)
    {
        var held = item.Held;
        var attributes = record.Attributes;
        session.Use(held is null ? Insert : Update).Bind(1, leaf.Origin).Bind(2, leaf.Record).Bind(3, partner).Bind(4, record.Kind).Bind(5, record.Schema)
            .Bind(6, (long)leaf.Vrev).Bind(7, (long)record.Status).Bind(8, ++session.ChangedN).Bind(9, nowMs).Bind(10, attributes.Marking)
            .Bind(11, attributes.State).Bind(12, (long?)attributes.Severity).Bind(13, (long?)attributes.Availability).Bind(14, attributes.Language)
            .Bind(15, attributes.Title).Bind(16, attributes.IssuedMs).Bind(17, record.Shape).Bind(18, leaf.Seq).Bind(19, record.Reason)
            .Bind(20, attributes.HighestMarking).Bind(21, attributes.Types).Bind(22, record.Onward ? 1 : 0).Bind(23, item.Forwarded ? 1 : 0).Execute();
        var rec = held?.Rec ?? session.LastInsertedRow();
        if (held is not null)
        {
            session.GuardRaised = true;
            session.Use("DELETE FROM view WHERE rec = ?1").Bind(1, rec).Execute();
        }

        session.Use("INSERT OR REPLACE INTO body(rec, bytes) VALUES(?1, ?2)").Bind(1, rec).Bind(2, record.Body).Execute();
        session.Use("INSERT OR REPLACE INTO rec_key(rec, k, dek) VALUES(?1, NULL, ?2)").Bind(1, rec).Bind(2, record.DataKey).Execute();
        RecordWriting.ReplaceTopics(session, rec, held is not null, attributes.Topics);
        RecordWriting.ReplaceLinks(session, rec, held is not null, record.References);
        if (record.StatementSignature.Length > 0)
        {
            session.Use("INSERT INTO view(rec, stmt_hash, sig) VALUES(?1, ?2, ?3)")
                .Bind(1, rec).Bind(2, record.StatementHash).Bind(3, record.StatementSignature).Execute();
        }

        if (item.Forwarded && record.Status != RecordStatus.Live)
            ShowOtherCopy(session, new RecordName(leaf.Origin, leaf.Record));
        return held is { Live: true };
    }

    private static bool WriteTombstone(SqliteSession session, int partner, long nowMs, Leaf leaf, ReceivedItem item)
    {
        var held = item.Held;
        if (held is null)
        {
            // Nobody here ever saw the record: the tombstone has no change number, and no watcher hears of it.
            session.Use("""
                INSERT INTO record(origin, rid, source, kind, schema, version, status, changed_n, received_ms, shape, seq, hop)
                VALUES(?1, ?2, ?3, 0, 0, ?4, 3, NULL, ?5, x'', ?6, ?7)
                """).Bind(1, leaf.Origin).Bind(2, leaf.Record).Bind(3, partner).Bind(4, (long)leaf.Vrev).Bind(5, nowMs).Bind(6, leaf.Seq)
                .Bind(7, item.Forwarded ? 1 : 0).Execute();
            return false;
        }

        RemoveContent(session, nowMs, held.Rec, leaf.Operation == LedgerOperation.Erase);
        session.Use("UPDATE record SET version = ?2, seq = ?3, past = 0 WHERE rec = ?1")
            .Bind(1, held.Rec).Bind(2, (long)leaf.Vrev).Bind(3, leaf.Seq).Execute();
        return held.Live;
    }

    // What an ended incarnation disclosed, and the present one has been read to its end without, is removed like a withdrawn record. The row
    // stays a tombstone of the ended incarnation.
    private static bool EndPast(SqliteSession session, FollowerBatch batch)
    {
        var left = new List<(long Rec, RecordName Name, bool Forwarded)>();
        using (var rows = session.Use(Past).Bind(1, batch.Partner))
        {
            while (rows.Step())
                left.Add((rows.Int64(2), rows.Name(0), rows.Int32(3) > 0));
        }

        foreach (var (rec, name, forwarded) in left)
        {
            RemoveContent(session, batch.NowMs, rec, erased: false);
            if (forwarded)
                ShowOtherCopy(session, name);
        }

        return left.Count > 0;
    }

    private static void RemoveContent(SqliteSession session, long nowMs, long rec, bool erased)
    {
        session.Use("DELETE FROM body WHERE rec = ?1").Bind(1, rec).Execute();
        session.Use("DELETE FROM rec_key WHERE rec = ?1").Bind(1, rec).Execute();
        session.Use("DELETE FROM view WHERE rec = ?1").Bind(1, rec).Execute();
        RecordWriting.ReplaceTopics(session, rec, existed: true, []);
        RecordWriting.ReplaceLinks(session, rec, existed: true, []);
        session.Use("""
            UPDATE record SET status = 3, changed_n = CASE WHEN changed_n IS NULL THEN NULL ELSE ?2 END, received_ms = ?3, tlp = NULL,
              state = NULL, severity = NULL, availability = NULL, language = NULL, title = NULL, issued_ms = NULL, shape = x'',
              reason = NULL, highest_tlp = NULL, types = NULL, onward = CASE WHEN onward > 0 AND ?4 = 1 THEN 2 ELSE onward END WHERE rec = ?1
            """).Bind(1, rec).Bind(2, ++session.ChangedN).Bind(3, nowMs).Bind(4, erased ? 1 : 0).Execute();
        session.GuardRaised = true;
    }
}
