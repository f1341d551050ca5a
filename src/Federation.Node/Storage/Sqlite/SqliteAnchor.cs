using Federation.Protocol.Heads;

namespace Federation.Node.Storage.Sqlite;

/// <summary>The anchor in a small database of its own. It only grows, by compare-and-swap: two processes that share it find each other out.</summary>
internal sealed class SqliteAnchor : LedgerAnchor
{
    private const int CacheKiB = 256;

    private readonly Lock gate = new();

    // Guarded by the gate.
    private readonly SqliteSession session;
    private readonly Dictionary<LedgerId, AnchoredHead> known = [];
    private readonly Action<Exception> failFast;
    private StoreFaultException? fault;

    private SqliteAnchor(SqliteSession session, Action<Exception> failFast)
    {
        this.session = session;
        this.failFast = failFast;
    }

    /// <summary>Opens the anchor, or makes an empty one.</summary>
    /// <param name="path">The database file; the directory exists.</param>
    /// <param name="failFast">Called once the anchor can't be trusted any more; it ends the process.</param>
    /// <param name="isNew">Whether there was none: on a node with ledgers it was lost.</param>
    public static SqliteAnchor Open(string path, Action<Exception> failFast, out bool isNew)
    {
        SqliteNodeStore.Initialize();
        isNew = !File.Exists(path);
        SqliteNodeStore.CreatePrivately(path);
        var anchor = new SqliteAnchor(SqliteSession.Open(path, CacheKiB), failFast);
        anchor.Load();
        return anchor;
    }

    public override AnchoredHead? Find(LedgerId ledger)
    {
        lock (gate)
            return known.TryGetValue(ledger, out var head) ? head : null;
    }

    public override void Raise(AnchoredHead head)
    {
        lock (gate)
        {
            if (fault is not null)
                throw new StoreFaultException("the anchor has failed", fault);
            AnchoredHead? before = known.TryGetValue(head.Ledger, out var found) ? found : null;
            if (before is { } anchored && (head.Incarnation, head.Size).CompareTo((anchored.Incarnation, anchored.Size)) <= 0)
            {
                if (head.Incarnation < anchored.Incarnation)
                    throw Fail(new StoreFaultException($"heads of ledger {head.Ledger} were signed in incarnation {anchored.Incarnation}, and one of {head.Incarnation} is asked for"));
                // A smaller head is a prefix: contact has shown that the ledger holds the anchored one.
                if (head.Incarnation == anchored.Incarnation && head.Size == anchored.Size && head.Root != anchored.Root)
                    throw Fail(new StoreFaultException($"ledger {head.Ledger} has another root at size {head.Size} than was signed there"));
                return;
            }

            if (before is null && head.Size == 0)
                return;
            Write(before, head);
            known[head.Ledger] = head;
        }
    }

    public override void Dispose()
    {
        lock (gate)
            session.Dispose();
    }

    private void Load()
    {
        // The only connection: it may fold its log back whenever it likes.
        session.Run("PRAGMA wal_autocheckpoint=64");
        session.Run("CREATE TABLE IF NOT EXISTS anchor(ledger BLOB PRIMARY KEY, incarnation INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL) STRICT, WITHOUT ROWID");
        using var rows = session.Use("SELECT ledger, incarnation, size, root FROM anchor");
        while (rows.Step())
        {
            var head = new AnchoredHead(LedgerId.Read(rows.Span(0)), (uint)rows.Int64(1), rows.UInt64(2), rows.Hash(3));
            known[head.Ledger] = head;
        }
    }

    private void Write(AnchoredHead? before, AnchoredHead head)
    {
        try
        {
            if (before is { } anchored)
            {
                session.Use("UPDATE anchor SET incarnation = ?2, size = ?3, root = ?4 WHERE ledger = ?1 AND incarnation = ?5 AND size = ?6 AND root = ?7")
                    .Bind(1, head.Ledger.ToBytes()).Bind(2, (long)head.Incarnation).Bind(3, head.Size).Bind(4, head.Root)
                    .Bind(5, (long)anchored.Incarnation).Bind(6, anchored.Size).Bind(7, anchored.Root).Execute();
            }
            else
            {
                session.Use("INSERT OR IGNORE INTO anchor(ledger, incarnation, size, root) VALUES(?1, ?2, ?3, ?4)")
                    .Bind(1, head.Ledger.ToBytes()).Bind(2, (long)head.Incarnation).Bind(3, head.Size).Bind(4, head.Root).Execute();
            }

            if (session.Scalar("SELECT changes()") != 1)
                throw new StoreFaultException($"another process has moved the anchor of ledger {head.Ledger}");
        }
        catch (StoreFaultException failure)
        {
            throw Fail(failure);
        }
    }

    private StoreFaultException Fail(StoreFaultException failure)
    {
        fault = failure;
        failFast(failure);
        return failure;
    }
}
