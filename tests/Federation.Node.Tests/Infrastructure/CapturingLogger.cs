using Microsoft.Extensions.Logging;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>Passes events on as lines.</summary>
internal sealed class CapturingLogger(string category, Action<LogLine> write) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        write(new LogLine(category, logLevel, eventId.Id, exception is null ? formatter(state, exception) : $"{formatter(state, exception)} {exception}"));
}
