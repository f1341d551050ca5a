using SQLitePCL;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Turns SQLite's result codes into the store's two kinds of fault.</summary>
internal static class SqliteResult
{
    /// <summary>Throws unless the code is OK, ROW or DONE.</summary>
    public static int Check(int code, sqlite3 database)
    {
        if (code is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)
            return code;
        var message = $"SQLite {code}: {raw.sqlite3_errmsg(database).utf8_to_string()}";
        // The low byte is the primary code; everything that is not a full disk means that this store, or this program, is broken.
        throw (code & 0xFF) == raw.SQLITE_FULL ? new StoreFullException(new IOException(message)) : new StoreFaultException(message);
    }
}
