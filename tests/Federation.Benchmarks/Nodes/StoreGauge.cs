using Federation.Node.Storage.Sqlite;

namespace Federation.Benchmarks.Nodes;

/// <summary>Reads positions out of a running node's database: what can be read there is committed, and costs the node nothing.</summary>
internal sealed class StoreGauge : IDisposable
{
    private const int CacheKiB = 256;

    private readonly SqliteSession session;

    public StoreGauge(string databaseFile)
    {
        SQLitePCL.Batteries_V2.Init();
        session = SqliteSession.Open(databaseFile, CacheKiB);
    }

    /// <summary>The entries applied from all partners together.</summary>
    public long Applied => session.Scalar("SELECT coalesce(sum(size), 0) FROM follow") ?? 0;

    /// <summary>The entries in the ledgers for all partners together.</summary>
    public long Appended => session.Scalar("SELECT coalesce(sum(size), 0) FROM ledger_head") ?? 0;

    /// <summary>The highest change number.</summary>
    public long Changes => session.Scalar("SELECT coalesce(max(changed_n), 0) FROM record") ?? 0;

    /// <summary>The number of rows in a table.</summary>
    public long Count(string table) => session.Scalar($"SELECT count(*) FROM {table}") ?? 0;

    public void Dispose() => session.Dispose();
}
