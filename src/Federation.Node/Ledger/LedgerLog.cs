namespace Federation.Node.Ledger;

/// <summary>The log messages of the ledger, with ids that an operator can search for.</summary>
internal static partial class LedgerLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "Disclosing from change {Position} on, to {Partners} partners")]
    public static partial void Started(ILogger logger, long position, int partners);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Debug, Message = "Appended {Entries} entries to {Ledgers} ledgers")]
    public static partial void Appended(ILogger logger, int entries, int ledgers);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Debug, Message = "A batch was judged by what has changed since; reading again")]
    public static partial void Refused(ILogger logger);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Information, Message = "The sweep for partner {Partner} under policy epoch {Epoch} is complete")]
    public static partial void Swept(ILogger logger, int partner, long epoch);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Warning, Message = "The store is full; disclosing goes on when there is room")]
    public static partial void StoreFull(ILogger logger);

    [LoggerMessage(EventId = 2010, Level = LogLevel.Warning, Message = "Superseded entries could not be pruned, and will be in an hour: {Cause}")]
    public static partial void NotPruned(ILogger logger, string cause);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Critical, Message = "The ledger for partner {Partner} is damaged, nothing more is signed: {Finding}")]
    public static partial void Damaged(ILogger logger, int partner, string finding);
}
