namespace Federation.Node.Access;

/// <summary>The log messages of calls, with ids that an operator can search for.</summary>
internal static partial class AccessLog
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "{Method} was cancelled")]
    public static partial void Cancelled(ILogger logger, string method);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Error, Message = "{Method} failed")]
    public static partial void Failed(ILogger logger, string method, Exception failure);
}
