using SQLitePCL;

namespace Federation.Node.Storage.Sqlite;

/// <summary>One connection with its prepared statements. Whoever holds a session uses it alone.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly sqlite3 database;
    // By reference: the texts are constants of the program, and hashing a long text would cost as much as a small statement.
    private readonly Dictionary<string, SqliteStatement> statements = new(ReferenceEqualityComparer.Instance);
    private delegate_progress? look;
    private bool closed;

    private SqliteSession(sqlite3 database) => this.database = database;

    /// <summary>Set by a write that touches an existing record or a policy; read and cleared by the writer at commit.</summary>
    public bool GuardRaised { get; set; }

    /// <summary>The last change number given; owned by the writer's session.</summary>
    public long ChangedN { get; set; }

    /// <summary>Opens a connection to the file and sets what every connection needs.</summary>
    public static SqliteSession Open(string path, int cacheKiB)
    {
        var code = raw.sqlite3_open_v2(path, out var database, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null);
        SqliteResult.Check(code, database);
        raw.sqlite3_extended_result_codes(database, 1);
        var session = new SqliteSession(database);
        // Two processes on one file is an operator's mistake; five seconds cover the recovery of a log by another connection.
        session.Run("PRAGMA busy_timeout=5000");
        session.Run($"PRAGMA page_size={SqliteSchema.PageSizeBytes}");
        session.Run("PRAGMA journal_mode=WAL");
        session.Run("PRAGMA synchronous=FULL");
        session.Run("PRAGMA secure_delete=ON");
        session.Run("PRAGMA foreign_keys=ON");
        session.Run("PRAGMA mmap_size=0");
        session.Run("PRAGMA temp_store=MEMORY");
        session.Run("PRAGMA wal_autocheckpoint=0");
        session.Run($"PRAGMA cache_size=-{cacheKiB}");
        return session;
    }

    /// <summary>Opens a file that nobody writes, and that must not change by being read.</summary>
    public static SqliteSession OpenImmutable(string path, int cacheKiB)
    {
        const int flags = raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_URI | raw.SQLITE_OPEN_NOMUTEX;
        SqliteResult.Check(raw.sqlite3_open_v2(ImmutableName(path), out var database, flags, null), database);
        raw.sqlite3_extended_result_codes(database, 1);
        var session = new SqliteSession(database);
        session.Run($"PRAGMA temp_store=MEMORY; PRAGMA cache_size=-{cacheKiB}");
        return session;
    }

    /// <summary>The name by which such a file is attached.</summary>
    public static string ImmutableName(string path) => $"{new Uri(Path.GetFullPath(path)).AbsoluteUri}?immutable=1";

    /// <summary>Calls back every so many instructions of a statement; false from the callback ends the statement. Null calls nobody any more.</summary>
    public void Look(int instructions, Func<bool>? callback)
    {
        // Held in a field: the library calls it later, and it must not be collected before.
        look = callback is null ? null : _ => callback() ? 0 : 1;
        raw.sqlite3_progress_handler(database, instructions, look, null);
    }

    /// <summary>A statement in use, until it is disposed. The text is a constant of the program.</summary>
    public SqliteStatement Use(string sql)
    {
        if (!statements.TryGetValue(sql, out var statement))
            statements.Add(sql, statement = Prepare(sql));
        return statement.Begin();
    }

    /// <summary>A statement whose text was made for one use; closed when it is disposed.</summary>
    public SqliteStatement UseOnce(string sql)
    {
        var statement = Prepare(sql);
        statement.ClosesWhenDisposed = true;
        return statement.Begin();
    }

    private SqliteStatement Prepare(string sql)
    {
        SqliteResult.Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle), database);
        return new SqliteStatement(database, handle);
    }

    /// <summary>Runs one or more statements and drops their rows; for set-up and transactions.</summary>
    public void Run(string sql) => SqliteResult.Check(raw.sqlite3_exec(database, sql), database);

    /// <summary>The first column of the only row, or null if there is no row or it holds NULL.</summary>
    public long? Scalar(string sql)
    {
        using var statement = Use(sql);
        return statement.Step() ? statement.NullableInt64(0) : null;
    }

    /// <summary>The local number of the row inserted last.</summary>
    public long LastInsertedRow() => raw.sqlite3_last_insert_rowid(database);

    /// <summary>Whether a transaction is open: some failures end it by themselves.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(database) == 0;

    public void Dispose()
    {
        if (closed)
            return;
        closed = true;
        foreach (var statement in statements.Values)
            statement.Close();
        database.Dispose();
    }
}
