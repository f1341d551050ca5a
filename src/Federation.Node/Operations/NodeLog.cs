namespace Federation.Node.Operations;

/// <summary>The log messages of the program, with ids that an operator can search for.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(EventId = 20, Level = LogLevel.Error, Message = "The check of {Name} found that {Finding}")]
    public static partial void ScrubFound(ILogger logger, string name, string finding);

    [LoggerMessage(EventId = 21, Level = LogLevel.Information, Message = "What is stored was checked: {Things} things, {Faults} faults")]
    public static partial void Scrubbed(ILogger logger, int things, int faults);

    [LoggerMessage(EventId = 22, Level = LogLevel.Warning, Message = "The store is full; what is stored is checked again later")]
    public static partial void ScrubFull(ILogger logger);

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Node {Institute}: partners at {PartnerAddress}, own systems at {OwnAddress}")]
    public static partial void Listening(ILogger logger, string institute, string partnerAddress, string ownAddress);

    [LoggerMessage(EventId = 2, Level = LogLevel.Critical, Message = "The store can't be trusted any more; the process ends")]
    public static partial void StoreFailed(ILogger logger, Exception failure);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "Client {Name} is admitted as the first operator")]
    public static partial void FirstOperator(ILogger logger, string name);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "Client {Name} vouches for the clock: embargoes end by it until the process ends")]
    public static partial void ClockConfirmed(ILogger logger, string name);

    [LoggerMessage(EventId = 5, Level = LogLevel.Information, Message = "Backup {Backup} of {Records} records: data in {Data}, keys in {Keys}")]
    public static partial void BackedUp(ILogger logger, string backup, long records, string data, string keys);

    [LoggerMessage(EventId = 6, Level = LogLevel.Warning, Message = "A backup could not be written; nothing of it is left")]
    public static partial void BackupFailed(ILogger logger, Exception failure);
}
