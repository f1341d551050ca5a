using System.Threading.Channels;

namespace Federation.Node.Storage.Sqlite;

/// <summary>
/// The one writer of a store. It takes whatever is waiting, runs it in one transaction with a savepoint each, and commits once: a
/// group of writers pays for one flush. It also owns every checkpoint, so that no two connections can race for one.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MaxGroup = 256;
    private const int CheckpointPages = 4096;

    private readonly Channel<WriteOperation> waiting = Channel.CreateBounded<WriteOperation>(new BoundedChannelOptions(1024) { SingleReader = true });
    private readonly SqliteSession session;
    private readonly Action<Exception> failFast;
    private readonly Task loop;

    // Both are written by the loop only, after a commit and before the commit's callers go on.
    private long guardCounter;
    private long lastChangedN;
    private volatile TaskCompletionSource changed = NewSignal();
    private volatile Exception? fault;

    public SqliteWriter(SqliteSession session, Action<Exception> failFast)
    {
        this.session = session;
        this.failFast = failFast;
        session.Run($"PRAGMA wal_autocheckpoint={CheckpointPages}");
        lastChangedN = session.Scalar(NodeRows.LastChange) ?? 0;
        session.ChangedN = lastChangedN;
        loop = Task.Run(RunAsync);
    }

    public long GuardCounter => Interlocked.Read(ref guardCounter);

    public long LastChangedN => Interlocked.Read(ref lastChangedN);

    /// <summary>Waits until a change number above the given one is committed.</summary>
    public async Task WaitForChangeAsync(long afterChangedN, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Taking the signal before looking means that a commit in between completes the signal that we hold.
            var signal = changed;
            if (LastChangedN > afterChangedN)
                return;
            await signal.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Queues a write; the task ends when it is durable, or when nothing of it is.</summary>
    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> body, CancellationToken cancellationToken, bool alone = false)
    {
        if (fault is { } broken)
            throw new StoreFaultException("the store has failed", broken);
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        T result = default!;
        var operation = new WriteOperation(s => result = body(s), () => done.TrySetResult(result), e => done.TrySetException(e), alone);
        await waiting.Writer.WriteAsync(operation, cancellationToken);
        return await done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await loop;
        session.Dispose();
    }

    /// <summary>Closes the connection as the kernel does when the process dies: what waits in the queue is never run, and never told.</summary>
    public void CloseAsKilled() => session.Dispose();

    private async Task RunAsync()
    {
        var group = new List<WriteOperation>(MaxGroup);
        while (await waiting.Reader.WaitToReadAsync())
        {
            while (group.Count < MaxGroup && waiting.Reader.TryPeek(out var next) && (group.Count == 0 || !next.Alone) && waiting.Reader.TryRead(out next))
            {
                group.Add(next);
                if (next.Alone)
                    break;
            }

            Commit(group);
            group.Clear();
        }
    }

    private void Commit(List<WriteOperation> group)
    {
        if (fault is not null)
        {
            group.ForEach(o => o.Fail(new StoreFaultException("the store has failed", fault)));
            return;
        }

        var done = new List<WriteOperation>(group.Count);
        try
        {
            if (group[0].Alone)
                RunAlone(group[0], done);
            else
                RunTogether(group, done);
        }
        catch (Exception failure)
        {
            Abandon(failure);
            foreach (var operation in group)
                operation.Fail(failure);
            return;
        }

        foreach (var operation in done)
            operation.Succeed();
    }

    private void RunAlone(WriteOperation operation, List<WriteOperation> done)
    {
        operation.Body(session);
        done.Add(operation);
    }

    private void RunTogether(List<WriteOperation> group, List<WriteOperation> done)
    {
        var guardRaised = false;
        session.Use("BEGIN IMMEDIATE").Execute();
        foreach (var operation in group)
        {
            session.GuardRaised = false;
            if (TryRun(operation, alone: group.Count == 1))
            {
                done.Add(operation);
                guardRaised |= session.GuardRaised;
            }
        }

        if (session.InTransaction)
            session.Use("COMMIT").Execute();
        // Commit point: everything in `done` is durable. The counters move before any caller hears of it.
        if (guardRaised)
            Interlocked.Increment(ref guardCounter);
        if (session.ChangedN > LastChangedN)
        {
            Interlocked.Exchange(ref lastChangedN, session.ChangedN);
            var signal = changed;
            changed = NewSignal();
            signal.TrySetResult();
        }
    }

    // A write that is alone in its transaction needs no savepoint: refusing it ends the transaction.
    private bool TryRun(WriteOperation operation, bool alone)
    {
        var changedN = session.ChangedN;
        if (!alone)
            session.Use("SAVEPOINT one").Execute();
        try
        {
            operation.Body(session);
            if (!alone)
                session.Use("RELEASE one").Execute();
            return true;
        }
        catch (Exception refusal) when (refusal is not (StoreFaultException or StoreFullException))
        {
            session.Run(alone ? "ROLLBACK" : "ROLLBACK TO one; RELEASE one");
            // Else who waits for a change would be woken again and again by one that never came.
            session.ChangedN = changedN;
            operation.Fail(refusal);
            return false;
        }
    }

    private void Abandon(Exception failure)
    {
        if (failure is StoreFullException && TryRollBack())
            return;
        // After an I/O error the kernel may have dropped pages, and SQLite would go on as if nothing had happened: only a restart is safe.
        fault = failure;
        failFast(failure);
    }

    private bool TryRollBack()
    {
        try
        {
            if (session.InTransaction)
                session.Run("ROLLBACK");
            session.ChangedN = session.Scalar(NodeRows.LastChange) ?? 0;
            return true;
        }
        catch (StoreFaultException)
        {
            return false;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
