using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Writes own records (T1, T6).</summary>
internal static class RecordWriting
{
    private const long IdempotencyKeptMs = 7L * 24 * 60 * 60 * 1000;

    private const string Insert = """
        INSERT INTO record(origin, rid, source, kind, schema, version, status, changed_n, received_ms, tlp, state, severity, availability, language, title,
          issued_ms, shape, highest_tlp, types) VALUES(?1, ?2, 0, ?3, ?4, 1, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
        """;

    private const string Update = """
        UPDATE record SET kind = ?3, schema = ?4, status = ?5, changed_n = ?6, received_ms = ?7, tlp = ?8, state = ?9, severity = ?10, availability = ?11,
          language = ?12, title = ?13, issued_ms = ?14, shape = ?15, highest_tlp = ?16, types = ?17, version = version + 1 WHERE origin = ?1 AND rid = ?2 AND source = 0
        """;

    public static WriteOutcome Write(SqliteSession session, RecordWrite write)
    {
        if (write.Idempotency is { } idempotency && FindRepeat(session, idempotency, write.NowMs) is { } repeat)
            return repeat;
        var existing = Find(session, write.Name);
        if (Refuse(session, write, existing) is { } refusal)
            return new WriteOutcome(refusal, write.Name.Id, existing?.Version ?? 0);

        var version = write.ExpectedVersion + 1;
        // The facts of the version that is replaced stay, so that a decision over it can be made again.
        if (existing is { } replaced)
        {
            session.Use("UPDATE revision SET shape = (SELECT shape FROM record WHERE rec = ?1) WHERE rec = ?1 AND revision = ?2")
                .Bind(1, replaced.Rec).Bind(2, write.ExpectedVersion).Execute();
        }

        Upsert(session, write, existing is null ? Insert : Update);
        var rec = existing?.Rec ?? session.LastInsertedRow();
        if (existing is null)
            session.Use("INSERT INTO rec_key(rec, k, dek) VALUES(?1, ?2, ?3)").Bind(1, rec).Bind(2, write.SaltKey).Bind(3, write.DataKey).Execute();
        else
            session.GuardRaised = true;
        session.Use("INSERT OR REPLACE INTO body(rec, bytes) VALUES(?1, ?2)").Bind(1, rec).Bind(2, write.Body).Execute();
        ReplaceTopics(session, rec, existing is not null, write.Attributes.Topics);
        ReplaceLinks(session, rec, existing is not null, write.References);
        ReplaceGroups(session, rec, existing is not null, write.Groups);
        session.Use("INSERT INTO revision(rec, revision, author, at_ms, summary, changed_n, status) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)")
            .Bind(1, rec).Bind(2, version).Bind(3, write.Note.Author).Bind(4, write.Note.AtMs).Bind(5, write.Note.Summary).Bind(6, session.ChangedN)
            .Bind(7, (long)write.Status).Execute();
        RememberCall(session, write, rec, version);
        return new WriteOutcome(WriteVerdict.Written, write.Name.Id, version);
    }

    public static WriteOutcome Erase(SqliteSession session, RecordName name, int expectedVersion, long nowMs)
    {
        if (Find(session, name) is not { } existing)
            return new WriteOutcome(WriteVerdict.NotFound, name.Id, 0);
        if (existing.Status == RecordStatus.Erased)
            return new WriteOutcome(WriteVerdict.Repeated, name.Id, existing.Version);
        if (existing.Version != expectedVersion)
            return new WriteOutcome(WriteVerdict.Conflict, name.Id, existing.Version);

        var rec = existing.Rec;
        session.Use("DELETE FROM body WHERE rec = ?1").Bind(1, rec).Execute();
        session.Use("DELETE FROM rec_key WHERE rec = ?1").Bind(1, rec).Execute();
        session.Use("DELETE FROM view WHERE rec = ?1").Bind(1, rec).Execute();
        session.Use("DELETE FROM record_topic WHERE rec = ?1").Bind(1, rec).Execute();
        session.Use("DELETE FROM link WHERE rec = ?1").Bind(1, rec).Execute();
        session.Use("DELETE FROM record_audience WHERE rec = ?1").Bind(1, rec).Execute();
        session.Use("DELETE FROM import WHERE rec = ?1").Bind(1, rec).Execute();
        session.Use("DELETE FROM held_shape WHERE rec = ?1").Bind(1, rec).Execute();
        // The digest of a request is one of its content without a secret: whoever can guess the content could confirm the guess.
        session.Use("DELETE FROM idem WHERE rid = ?1").Bind(1, name.Id).Execute();
        session.Use("UPDATE revision SET summary = '', shape = NULL WHERE rec = ?1").Bind(1, rec).Execute();
        session.Use("""
            UPDATE record SET status = 2, version = version + 1, changed_n = ?2, received_ms = ?3, tlp = NULL, state = NULL, severity = NULL,
              availability = NULL, language = NULL, title = NULL, issued_ms = NULL, highest_tlp = NULL, types = NULL, shape = x'' WHERE rec = ?1
            """).Bind(1, rec).Bind(2, ++session.ChangedN).Bind(3, nowMs).Execute();
        session.GuardRaised = true;
        return new WriteOutcome(WriteVerdict.Written, name.Id, existing.Version + 1);
    }

    public static void ReplaceTopics(SqliteSession session, long rec, bool existed, IReadOnlyList<string> topics)
    {
        if (existed)
            session.Use("DELETE FROM record_topic WHERE rec = ?1").Bind(1, rec).Execute();
        foreach (var topic in topics)
            session.Use("INSERT OR IGNORE INTO record_topic(rec, topic) VALUES(?1, ?2)").Bind(1, rec).Bind(2, topic).Execute();
    }

    public static void ReplaceLinks(SqliteSession session, long rec, bool existed, IReadOnlyList<RecordName> references)
    {
        if (existed)
            session.Use("DELETE FROM link WHERE rec = ?1").Bind(1, rec).Execute();
        foreach (var name in references)
            session.Use("INSERT OR IGNORE INTO link(origin, rid, rec) VALUES(?1, ?2, ?3)").Bind(1, name.Origin).Bind(2, name.Id).Bind(3, rec).Execute();
    }

    private static void ReplaceGroups(SqliteSession session, long rec, bool existed, IReadOnlyList<string> groups)
    {
        if (existed)
            session.Use("DELETE FROM record_audience WHERE rec = ?1").Bind(1, rec).Execute();
        foreach (var group in groups)
            session.Use("INSERT OR IGNORE INTO record_audience(grp, rec) VALUES(?1, ?2)").Bind(1, group).Bind(2, rec).Execute();
    }

    private static WriteOutcome? FindRepeat(SqliteSession session, IdempotencyKey key, long nowMs)
    {
        using var row = session.Use("SELECT digest, rid, version FROM idem WHERE client = ?1 AND key = ?2 AND at_ms > ?3")
            .Bind(1, key.Client).Bind(2, key.Key).Bind(3, nowMs - IdempotencyKeptMs);
        if (!row.Step())
            return null;
        var verdict = row.Hash(0) == key.RequestDigest ? WriteVerdict.Repeated : WriteVerdict.KeyReused;
        return new WriteOutcome(verdict, RecordId.Read(row.Span(1)), row.Int32(2));
    }

    private static (long Rec, int Version, RecordStatus Status)? Find(SqliteSession session, RecordName name)
    {
        using var row = session.Use("SELECT rec, version, status FROM record WHERE origin = ?1 AND rid = ?2 AND source = 0")
            .Bind(1, name.Origin).Bind(2, name.Id);
        return row.Step() ? (row.Int64(0), row.Int32(1), (RecordStatus)row.Int32(2)) : null;
    }

    private static WriteVerdict? Refuse(SqliteSession session, RecordWrite write, (long Rec, int Version, RecordStatus Status)? existing)
    {
        if (write.Groups.Any(group => !GroupRows.Exists(session, group)))
            return WriteVerdict.UnknownGroup;
        if (existing is not { } row)
        {
            if (write.ExpectedVersion != 0)
                return WriteVerdict.NotFound;
            return write.Import is { } import && RecordRows.FindImport(session, import) is not null ? WriteVerdict.Exists : null;
        }

        if (write.ExpectedVersion == 0)
            return WriteVerdict.Exists;
        if (row.Status == RecordStatus.Erased)
            return WriteVerdict.Erased;
        if (row.Version != write.ExpectedVersion)
            return WriteVerdict.Conflict;
        return row.Status == RecordStatus.Live && write.Status == RecordStatus.Draft ? WriteVerdict.Published : null;
    }

    private static void Upsert(SqliteSession session, RecordWrite write, string sql)
    {
        var attributes = write.Attributes;
        session.Use(sql).Bind(1, write.Name.Origin).Bind(2, write.Name.Id).Bind(3, write.Kind).Bind(4, write.Schema).Bind(5, (long)write.Status)
            .Bind(6, ++session.ChangedN).Bind(7, write.NowMs).Bind(8, attributes.Marking).Bind(9, attributes.State).Bind(10, (long?)attributes.Severity)
            .Bind(11, (long?)attributes.Availability).Bind(12, attributes.Language).Bind(13, attributes.Title).Bind(14, attributes.IssuedMs)
            .Bind(15, write.Shape).Bind(16, attributes.HighestMarking).Bind(17, attributes.Types).Execute();
    }

    private static void RememberCall(SqliteSession session, RecordWrite write, long rec, int version)
    {
        if (write.Import is { } import)
        {
            session.Use("INSERT OR REPLACE INTO import(scheme, external_id, path, rec, digest) VALUES(?1, ?2, ?3, ?4, ?5)")
                .Bind(1, import.Scheme).Bind(2, import.ExternalId).Bind(3, import.PathInSet).Bind(4, rec).Bind(5, import.RawDigest).Execute();
        }

        if (write.Idempotency is not { } key)
            return;
        // The oldest keys go with each new one, a few at a time, so that the table stays bounded without a job of its own.
        session.Use("DELETE FROM idem WHERE (client, key) IN (SELECT client, key FROM idem WHERE at_ms <= ?1 ORDER BY at_ms LIMIT 4)")
            .Bind(1, write.NowMs - IdempotencyKeptMs).Execute();
        session.Use("INSERT OR REPLACE INTO idem(client, key, digest, rid, version, at_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6)")
            .Bind(1, key.Client).Bind(2, key.Key).Bind(3, key.RequestDigest).Bind(4, write.Name.Id).Bind(5, version).Bind(6, write.NowMs).Execute();
    }
}
