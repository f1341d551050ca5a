using System.Globalization;
using System.Text;

namespace Federation.Node.Storage.Sqlite;

/// <summary>
/// Pages through records in the order of change. One page looks at a bounded number of rows, so that a filter which matches little
/// costs no more than one which matches much; the caller goes on from where the page stopped looking.
/// </summary>
internal static class QueryRows
{
    private const int MaxScanned = 20_000;

    // A page's bodies: about the largest answer that fits a message of 1 MiB.
    private const int MaxBytes = 768 * 1024;

    public static RecordPage Read(SqliteSession session, RecordQuery query)
    {
        var scanEnd = ScanEnd(session, query.AfterChangedN);
        var records = new List<StoredRecord>();
        var bytes = 0L;
        using var rows = session.UseOnce(Sql(query)).Bind(1, query.AfterChangedN).Bind(2, scanEnd).Bind(3, query.Limit);
        while (rows.Step())
        {
            var record = RecordRows.Read(rows, withBody: true);
            bytes += record.Body?.Length ?? 0;
            if (records.Count > 0 && bytes > MaxBytes)
                return new RecordPage(records, records[^1].ChangedN, Exhausted: false);
            records.Add(record);
        }

        if (records.Count == query.Limit)
            return new RecordPage(records, records[^1].ChangedN, Exhausted: false);
        return new RecordPage(records, scanEnd, Exhausted: scanEnd == (session.Scalar(NodeRows.LastChange) ?? 0) || scanEnd == query.AfterChangedN);
    }

    private static long ScanEnd(SqliteSession session, long after)
    {
        using var row = session.Use("SELECT max(changed_n) FROM (SELECT changed_n FROM record WHERE changed_n > ?1 ORDER BY changed_n LIMIT ?2)")
            .Bind(1, after).Bind(2, MaxScanned);
        return row.Step() && row.NullableInt64(0) is { } end ? end : after;
    }

    // Every value that enters the text is a number or hexadecimal digits; texts are compared by their bytes in hexadecimal.
    private static string Sql(RecordQuery query)
    {
        var wanted = new StringBuilder();
        AppendIn(wanted, "r.kind", query.Kinds);
        AppendIn(wanted, "r.severity", query.Severities);
        AppendIn(wanted, "r.state", query.States);
        if (query.Origins.Count > 0)
            wanted.Append(" AND r.origin IN (").AppendJoin(',', query.Origins.Select(o => $"x'{Convert.ToHexString(o.ToBytes())}'")).Append(')');
        if (query.Topics.Count > 0)
        {
            wanted.Append(" AND EXISTS(SELECT 1 FROM record_topic t WHERE t.rec = r.rec AND CAST(t.topic AS BLOB) IN (")
                .AppendJoin(',', query.Topics.Select(t => $"x'{Convert.ToHexString(Encoding.UTF8.GetBytes(t))}'")).Append("))");
        }

        AppendBound(wanted, "r.issued_ms >=", query.IssuedFromMs);
        AppendBound(wanted, "r.issued_ms <", query.IssuedBeforeMs);
        AppendBound(wanted, "r.received_ms >=", query.ReceivedFromMs);
        AppendBound(wanted, "r.received_ms <", query.ReceivedBeforeMs);
        var statuses = string.Join(',', query.Statuses.Select(s => ((int)s).ToString(CultureInfo.InvariantCulture)));
        // The first view of a record in quarantine was never shown, so that there is nothing to take back.
        var removed = query.WithRemoved
            ? $" OR r.status IN ({(int)RecordStatus.Removed},{(int)RecordStatus.Erased}) OR (r.status = {(int)RecordStatus.Quarantined} AND r.version > 1)"
            : "";
        return $"""
            SELECT {RecordRows.Columns}, b.bytes, k.dek, k.k FROM record r LEFT JOIN body b ON b.rec = r.rec LEFT JOIN rec_key k ON k.rec = r.rec
            WHERE r.changed_n > ?1 AND r.changed_n <= ?2 AND (r.hop = 0 OR {Shown(query)}) AND ((r.status IN ({statuses}){wanted}){removed}) ORDER BY r.changed_n LIMIT ?3
            """;
    }

    // Of the copies of one record that which came from its origin is shown, a tombstone too; else of those that were passed on the first that lives.
    private static string Shown(RecordQuery query) => query.WithHiddenCopies
        ? "1"
        : """
            NOT EXISTS(SELECT 1 FROM record d WHERE d.origin = r.origin AND d.rid = r.rid
            AND ((d.hop = 0 AND d.status <> 5) OR (r.status = 0 AND d.status = 0 AND d.source < r.source)))
            """;

    private static void AppendIn(StringBuilder sql, string column, IReadOnlyList<int> values)
    {
        if (values.Count > 0)
            sql.Append(CultureInfo.InvariantCulture, $" AND {column} IN ({string.Join(',', values)})");
    }

    private static void AppendBound(StringBuilder sql, string test, long? value)
    {
        if (value is { } bound)
            sql.Append(CultureInfo.InvariantCulture, $" AND {test} {bound}");
    }
}
