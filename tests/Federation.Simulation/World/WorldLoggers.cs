using Microsoft.Extensions.Logging;

namespace Federation.Simulation.World;

/// <summary>Gives one life its loggers.</summary>
internal sealed class WorldLoggers(NodeLife life) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new WorldLogger(life, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Logs of a simulated node go to its world.");

    public void Dispose()
    {
    }
}
