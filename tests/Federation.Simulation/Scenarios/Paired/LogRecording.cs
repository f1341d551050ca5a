using Microsoft.Extensions.Logging;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>Keeps, down to Debug, every log line that is about the observed partner: one that names it, or is written while it is served.</summary>
internal sealed class LogRecording(ILoggerFactory inner, CallStreams streams, List<string> lines) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Recorder(this, inner.CreateLogger(categoryName), categoryName);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();

    private void Keep(string line)
    {
        if (streams.Caller == $"sim:{PairedScenario.Observed}" || line.Contains(PairedScenario.Observed, StringComparison.Ordinal))
            lines.Add(line);
    }

    private sealed class Recorder(LogRecording recording, ILogger logger, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            recording.Keep($"{logLevel} {category} {eventId.Name}: {formatter(state, exception)} {exception}");
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
