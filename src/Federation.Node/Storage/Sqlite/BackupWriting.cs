namespace Federation.Node.Storage.Sqlite;

/// <summary>
/// Copies the store, as of one moment, into two new databases. Rows are copied and not pages: no key lies in the data even for a moment,
/// and nothing comes along that was erased and is still in a free page. Writers go on meanwhile; the write-ahead log can't be emptied.
/// </summary>
internal static class BackupWriting
{
    private const int CacheKiB = 16384;
    private const int InstructionsBetweenLooks = 20_000;

    /// <summary>
    /// What goes with the keys: them, and all that stands in the clear and that an erasure destroys. The data alone tells nothing of a content.
    /// Titles and shapes, which name topics and audiences, go too, out of a table that holds more.
    /// </summary>
    public static readonly IReadOnlyList<string> KeptApart = ["evidence", "held_shape", "idem", "import", "rec_key", "record_audience", "record_topic", "revision"];

    private const string Objects = """
        SELECT type, name, sql FROM main.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY type = 'index', name
        """;

    /// <summary>Writes both files, which must not exist, and makes them durable.</summary>
    /// <param name="database">The store's file.</param>
    /// <param name="dataFile">Takes everything but keys.</param>
    /// <param name="keysFile">Takes the keys.</param>
    /// <param name="progress">Is told bytes written and bytes to write, both about.</param>
    /// <param name="cancellationToken">Ends the copy; the files are then not whole.</param>
    public static BackupContent Write(string database, string dataFile, string keysFile, Action<long, long> progress, CancellationToken cancellationToken)
    {
        using var session = SqliteSession.Open(database, CacheKiB);
        Attach(session, "data", dataFile);
        Attach(session, "keys", keysFile);
        var total = (session.Scalar("PRAGMA main.page_count") ?? 0) * SqliteSchema.PageSizeBytes;
        session.Look(InstructionsBetweenLooks, () =>
        {
            progress(new FileInfo(dataFile).Length + new FileInfo(keysFile).Length, total);
            return !cancellationToken.IsCancellationRequested;
        });
        try
        {
            session.Run("BEGIN");
            var version = session.Scalar("PRAGMA main.user_version") ?? 0;
            var tables = MakeTables(session);
            foreach (var table in tables.Where(t => t != "record"))
                session.Run($"INSERT INTO {(KeptApart.Contains(table) ? "keys" : "data")}.{table} SELECT * FROM main.{table}");
            CopyRecords(session);
            session.Run($"PRAGMA data.user_version={version}");
            session.Run($"PRAGMA keys.user_version={version}");
            session.Run("COMMIT");
        }
        catch (StoreFaultException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        session.Look(0, null);
        var content = BackupReading.Describe(session, "data", "keys");
        session.Run("DETACH data");
        session.Run("DETACH keys");
        Flush(dataFile);
        Flush(keysFile);
        return content;
    }

    // A file that is not whole is thrown away: it needs no journal, and one flush at its end.
    private static void Attach(SqliteSession session, string name, string file)
    {
        SqliteNodeStore.CreatePrivately(file);
        using (var attach = session.UseOnce($"ATTACH ?1 AS {name}").Bind(1, file))
            attach.Step();
        session.Run($"PRAGMA {name}.page_size={SqliteSchema.PageSizeBytes}; PRAGMA {name}.journal_mode=OFF; PRAGMA {name}.synchronous=OFF");
    }

    // With its indexes an empty table takes another's rows as they are, index by index in order.
    private static List<string> MakeTables(SqliteSession session)
    {
        var made = new List<(string Type, string Name, string Sql)>();
        using (var rows = session.Use(Objects))
        {
            while (rows.Step())
                made.Add((rows.Text(0), rows.Text(1), rows.Text(2)));
        }

        foreach (var (type, name, sql) in made)
        {
            // The stored text begins with CREATE TABLE, CREATE INDEX or CREATE UNIQUE INDEX, each in this form.
            var head = sql[..(sql.IndexOf($" {type.ToUpperInvariant()} ", StringComparison.Ordinal) + type.Length + 2)];
            session.Run($"{head}data.{sql[head.Length..]}");
            if (type == "table" && KeptApart.Contains(name))
                session.Run($"{head}keys.{sql[head.Length..]}");
        }

        return [.. made.Where(o => o.Type == "table").Select(o => o.Name)];
    }

    private static void CopyRecords(SqliteSession session)
    {
        var columns = new List<string>();
        using (var rows = session.UseOnce("SELECT name FROM pragma_table_info('record', 'main') ORDER BY cid"))
        {
            while (rows.Step())
                columns.Add(rows.Text(0));
        }

        session.Run("CREATE TABLE keys.record_clear(rec INTEGER PRIMARY KEY, title TEXT, shape BLOB NOT NULL) STRICT");
        session.Run("INSERT INTO keys.record_clear(rec, title, shape) SELECT rec, title, shape FROM main.record WHERE title IS NOT NULL OR shape <> x''");
        var values = columns.Select(c => c switch
        {
            "title" => "NULL",
            "shape" => "x''",
            _ => c,
        });
        session.Run($"INSERT INTO data.record SELECT {string.Join(", ", values)} FROM main.record");
    }

    private static void Flush(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }
}
