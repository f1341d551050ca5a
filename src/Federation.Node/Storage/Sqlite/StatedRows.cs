using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads what received copies of records state.</summary>
internal static class StatedRows
{
    private const string Copies = """
        SELECT r.source, r.kind, r.schema, r.shape, coalesce(e.leaf, x.leaf), v.sig, r.past FROM record r
          LEFT JOIN in_entry e ON r.past = 0 AND e.src = r.source AND e.seq = r.seq
          LEFT JOIN in_entry_past x ON r.past > 0 AND x.src = r.source AND x.incarnation = r.past AND x.seq = r.seq
          LEFT JOIN view v ON v.rec = r.rec
        WHERE r.origin = ?1 AND r.rid = ?2 AND r.source <> 0 AND r.status IN (0, 4) AND coalesce(e.leaf, x.leaf) IS NOT NULL ORDER BY r.source
        """;

    public static IReadOnlyList<IReadOnlyList<StatedCopy>> Read(SqliteSession session, IReadOnlyList<RecordName> names)
    {
        var found = new List<IReadOnlyList<StatedCopy>>(names.Count);
        foreach (var name in names)
        {
            var copies = new List<StatedCopy>();
            using var rows = session.Use(Copies).Bind(1, name.Origin).Bind(2, name.Id);
            while (rows.Step())
            {
                copies.Add(new StatedCopy(
                    rows.Int32(0), (ushort)rows.Int32(1), (ushort)rows.Int32(2), rows.Blob(3), rows.Blob(4), rows.IsNull(5) ? [] : rows.Blob(5), (uint)rows.Int64(6)));
            }

            found.Add(copies);
        }

        return found;
    }
}
