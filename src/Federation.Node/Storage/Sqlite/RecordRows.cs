using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads records.</summary>
internal static class RecordRows
{
    /// <summary>The columns of a record without its body, for an alias r.</summary>
    public const string Columns = "r.rec, r.origin, r.rid, r.source, r.kind, r.schema, r.version, r.status, r.changed_n, r.received_ms, r.shape, r.reason, "
        + "r.stale_n, r.onward, CASE WHEN r.hop > 0 THEN (SELECT q.iid FROM partner q WHERE q.p = r.source) END";

    /// <summary>The number of those columns: where further ones begin.</summary>
    public const int ColumnCount = 15;

    private const string ByName = $"""
        SELECT {Columns}, b.bytes, k.dek, k.k FROM record r LEFT JOIN body b ON b.rec = r.rec LEFT JOIN rec_key k ON k.rec = r.rec
        WHERE r.origin = ?1 AND r.rid = ?2 ORDER BY r.source
        """;

    private const string ByNumber = $"""
        SELECT {Columns}, b.bytes, k.dek, k.k FROM record r LEFT JOIN body b ON b.rec = r.rec LEFT JOIN rec_key k ON k.rec = r.rec WHERE r.rec = ?1
        """;

    private const string ByNumberBare = $"SELECT {Columns} FROM record r WHERE r.rec = ?1";

    private const string OwnByName = $"SELECT {Columns} FROM record r WHERE r.origin = ?1 AND r.rid = ?2 AND r.source = 0";

    private const string CopyByName = $"SELECT {Columns} FROM record r WHERE r.origin = ?1 AND r.rid = ?2 AND r.onward > 0";

    // A partner's number is the source of its own records; those of an institute that is no partner wait under -1.
    private const string DirectByName = $"""
        SELECT {Columns} FROM record r WHERE r.origin = ?1 AND r.rid = ?2 AND r.source = coalesce((SELECT q.p FROM partner q WHERE q.iid = ?1), -1)
        """;

    private const string LinksOf = "SELECT origin, rid FROM link WHERE rec = ?1";

    /// <summary>Reads the columns of <see cref="Columns"/>, and body and keys if the query has them.</summary>
    public static StoredRecord Read(SqliteStatement row, bool withBody)
    {
        return new StoredRecord
        {
            Rec = row.Int64(0),
            Name = row.Name(1),
            Source = row.Int32(3),
            Kind = row.Int32(4),
            Schema = row.Int32(5),
            Version = row.Int32(6),
            Status = (RecordStatus)row.Int32(7),
            ChangedN = row.Int64(8),
            ReceivedMs = row.Int64(9),
            Shape = row.Blob(10),
            Reason = row.IsNull(11) ? null : row.Text(11),
            StaleN = row.Int64(12),
            Onward = (OnwardState)row.Int32(13),
            Via = row.IsNull(14) || !InstituteId.TryRead(row.Span(14), out var via) ? null : via,
            Body = withBody && !row.IsNull(ColumnCount) ? row.Blob(ColumnCount) : null,
            DataKey = withBody && !row.IsNull(ColumnCount + 1) ? row.Blob(ColumnCount + 1) : null,
            SaltKey = withBody && !row.IsNull(ColumnCount + 2) ? row.Blob(ColumnCount + 2) : null,
        };
    }

    public static IReadOnlyList<StoredRecord> ReadByName(SqliteSession session, RecordName name)
    {
        using var rows = session.Use(ByName).Bind(1, name.Origin).Bind(2, name.Id);
        var records = new List<StoredRecord>();
        while (rows.Step())
            records.Add(Read(rows, withBody: true));
        return records;
    }

    public static StoredRecord ReadByNumber(SqliteSession session, long rec, bool withBody)
    {
        using var row = session.Use(withBody ? ByNumber : ByNumberBare).Bind(1, rec);
        return row.Step() ? Read(row, withBody) : throw new StoreFaultException($"record {rec} is missing");
    }

    public static IReadOnlyList<RevisionNote> ReadHistory(SqliteSession session, long rec)
    {
        using var rows = session.Use("SELECT revision, author, at_ms, summary FROM revision WHERE rec = ?1 ORDER BY revision").Bind(1, rec);
        var notes = new List<RevisionNote>();
        while (rows.Step())
            notes.Add(new RevisionNote(rows.Int32(0), rows.Text(1), rows.Int64(2), rows.Text(3)));
        return notes;
    }

    // The index begins with the originator, so each is asked in turn: there are few. A record that came through a partner does not count beside
    // one that came, or was taken back, directly.
    public static IReadOnlyList<InstituteId> FindOrigins(SqliteSession session, RecordId id)
    {
        const string sql = """
            SELECT DISTINCT r.origin, r.rid FROM (SELECT iid FROM partner UNION SELECT iid FROM origin) i JOIN record r ON r.origin = i.iid AND r.rid = ?1
            WHERE r.status = 0 AND (r.hop = 0 OR NOT EXISTS(SELECT 1 FROM record d WHERE d.origin = r.origin AND d.rid = r.rid AND d.hop = 0 AND d.status <> 5)) ORDER BY i.iid
            """;
        using var rows = session.Use(sql).Bind(1, id);
        var origins = new List<InstituteId>();
        while (rows.Step())
            origins.Add(rows.Name(0).Origin);
        return origins;
    }

    public static ImportMatch? FindImport(SqliteSession session, ImportKey key)
    {
        const string sql = """
            SELECT r.origin, r.rid, r.version, i.digest FROM import i JOIN record r ON r.rec = i.rec
            WHERE i.scheme = ?1 AND i.external_id = ?2 AND i.path = ?3 AND r.status <> 2
            """;
        using var row = session.Use(sql).Bind(1, key.Scheme).Bind(2, key.ExternalId).Bind(3, key.PathInSet);
        return row.Step() ? new ImportMatch(row.Name(0), row.Int32(2), row.Hash(3)) : null;
    }

    /// <summary>The own record of a name, without its body; null if there is none.</summary>
    public static StoredRecord? FindOwn(SqliteSession session, RecordName name)
    {
        using var row = session.Use(OwnByName).Bind(1, name.Origin).Bind(2, name.Id);
        return row.Step() ? Read(row, withBody: false) : null;
    }

    /// <summary>Adds the own copies of the records that one record refers to, or such as may be passed on.</summary>
    public static void AddTargets(SqliteSession session, long rec, Dictionary<RecordName, IReadOnlyList<ReferenceTarget>> targets)
    {
        using var links = session.Use(LinksOf).Bind(1, rec);
        while (links.Step())
        {
            var name = links.Name(0);
            if (targets.ContainsKey(name))
                continue;
            targets.Add(name, (FindOwn(session, name) ?? FindCopy(session, name)) is { } target ? [new ReferenceTarget(target)] : []);
        }
    }

    /// <summary>The copy of another institute's record that may be passed on, without its body; null if there is none.</summary>
    public static StoredRecord? FindCopy(SqliteSession session, RecordName name)
    {
        using var row = session.Use(CopyByName).Bind(1, name.Origin).Bind(2, name.Id);
        return row.Step() ? Read(row, withBody: false) : null;
    }

    /// <summary>What came of another institute's record from itself, a tombstone too, or is awaited from it; null if nothing.</summary>
    public static StoredRecord? FindDirect(SqliteSession session, RecordName name)
    {
        using var row = session.Use(DirectByName).Bind(1, name.Origin).Bind(2, name.Id);
        return row.Step() ? Read(row, withBody: false) : null;
    }
}
