using Microsoft.Extensions.Logging;

namespace Federation.Simulation.World;

/// <summary>Makes a node's log part of the run: a text that differs between two runs shows as a different hash.</summary>
internal sealed class WorldLogger(NodeLife life, string category) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel) || !life.World.Enter(life, "ILogger.Log"))
            return;
        var text = $"{life} {logLevel} {category}: {formatter(state, exception)} {exception?.GetType().Name} {exception?.Message}";
        life.World.Trace(text);
        if (logLevel >= LogLevel.Error && !life.World.ToleratedErrors.Contains(category))
            life.World.Fail($"{text} {exception?.StackTrace}");
    }
}
