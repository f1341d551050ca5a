namespace Federation.Node.Storage.Sqlite;

/// <summary>
/// Checks the database after an end that was none of the program's choice (R28): a disk that failed a flush may have lost pages which the kernel
/// called written. What is damaged is not opened.
/// </summary>
internal static class SqliteIntegrity
{
    // Reading all of a larger one would keep the node from its partners for minutes; the scrub reads the rest.
    private const long LargestReadWhole = 2L * 1024 * 1024 * 1024;

    private static readonly string[] Essential = ["ledger_head", "follow", "receipt", "partner", "position"];

    /// <summary>Whether the process before ended without closing the database: its log is still there.</summary>
    public static bool EndedUncleanly(string path) => new FileInfo($"{path}-wal") is { Exists: true, Length: > 0 };

    /// <summary>Opens the database; what can't even be opened is as damaged as what fails the check.</summary>
    public static SqliteSession Open(string path, int cacheKiB)
    {
        try
        {
            return SqliteSession.Open(path, cacheKiB);
        }
        catch (StoreFaultException fault)
        {
            throw new StoreFaultException($"the database is damaged after an unclean end, and has to be restored: {fault.Message}");
        }
    }

    /// <summary>Throws <see cref="StoreFaultException"/> if the database is damaged.</summary>
    public static void Check(SqliteSession session, string path)
    {
        if (new FileInfo(path).Length <= LargestReadWhole)
        {
            Require(session, "PRAGMA quick_check(1)");
            return;
        }

        foreach (var table in Essential)
            Require(session, $"PRAGMA quick_check({table})");
    }

    private static void Require(SqliteSession session, string pragma)
    {
        if (Ask(session, pragma) is not "ok" and var answer)
            throw new StoreFaultException($"the database is damaged after an unclean end, and has to be restored: {answer}");
    }

    private static string Ask(SqliteSession session, string pragma)
    {
        try
        {
            using var row = session.UseOnce(pragma);
            return row.Step() ? row.Text(0) : "no answer";
        }
        catch (StoreFaultException fault)
        {
            return fault.Message;
        }
    }
}
