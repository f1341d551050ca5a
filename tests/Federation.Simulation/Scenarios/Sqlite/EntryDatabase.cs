using SQLitePCL;

namespace Federation.Simulation.Scenarios.Sqlite;

/// <summary>One connection to a file of numbers.</summary>
internal sealed class EntryDatabase : IDisposable
{
    private readonly sqlite3 _database;

    /// <summary>Opens or makes the file. A lock left behind shows as an error within a second of real time.</summary>
    public EntryDatabase(string path)
    {
        Require(raw.sqlite3_open(path, out _database));
        Run("PRAGMA busy_timeout=1000");
        Run("PRAGMA journal_mode=WAL");
        // Only processes die here, so nothing needs to be synchronised to the disk.
        Run("PRAGMA synchronous=OFF");
        Run("CREATE TABLE IF NOT EXISTS entry (value INTEGER PRIMARY KEY)");
    }

    public void Run(string sql) => Require(raw.sqlite3_exec(_database, sql));

    public HashSet<long> Read()
    {
        Require(raw.sqlite3_prepare_v2(_database, "SELECT value FROM entry", out var statement));
        var values = new HashSet<long>();
        while (raw.sqlite3_step(statement) == raw.SQLITE_ROW)
            values.Add(raw.sqlite3_column_int64(statement, 0));
        raw.sqlite3_finalize(statement);
        return values;
    }

    public void Dispose() => _database.Dispose();

    private void Require(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
            throw new InvalidOperationException($"SQLite says {code}: {raw.sqlite3_errmsg(_database).utf8_to_string()}");
    }
}
