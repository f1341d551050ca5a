using System.Collections.Concurrent;

namespace Federation.Node.Storage.Sqlite;

/// <summary>A bounded pool of reading connections, each lent to one short transaction at a time.</summary>
internal sealed class SqliteReaders(string path, Action<Exception> failFast) : IDisposable
{
    private const int MaxReaders = 16;
    private const int CacheKiB = 8192;

    private readonly SemaphoreSlim free = new(MaxReaders);
    private readonly ConcurrentStack<SqliteSession> idle = new();

    /// <summary>Runs a body in one read transaction: everything it reads belongs to one moment.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> body, CancellationToken cancellationToken)
    {
        await free.WaitAsync(cancellationToken);
        SqliteSession? session = null;
        try
        {
            if (!idle.TryPop(out session))
                session = SqliteSession.Open(path, CacheKiB);
            session.Run("BEGIN");
            var result = body(session);
            session.Run("COMMIT");
            idle.Push(session);
            session = null;
            return result;
        }
        catch (StoreFaultException fault)
        {
            failFast(fault);
            throw;
        }
        finally
        {
            // A session that did not come back to the pool has an open transaction or a broken connection.
            session?.Dispose();
            free.Release();
        }
    }

    public void Dispose()
    {
        while (idle.TryPop(out var session))
            session.Dispose();
        free.Dispose();
    }
}
