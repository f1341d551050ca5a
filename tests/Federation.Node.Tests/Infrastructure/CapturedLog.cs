using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>Keeps what one node logs. An error that no test expects fails the test when its federation ends.</summary>
internal sealed class CapturedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> lines = new();
    private readonly ConcurrentDictionary<int, bool> expected = new();

    public IReadOnlyList<LogLine> Lines => [.. lines];

    /// <summary>The errors whose event ids were not expected. That a caller gave up while its request was read is none of the node's.</summary>
    public IReadOnlyList<LogLine> UnexpectedErrors =>
        [.. lines.Where(l => l.Level >= LogLevel.Error && !expected.ContainsKey(l.EventId) && !l.Text.Contains("The client reset the request stream", StringComparison.Ordinal))];

    public void Expect(params int[] eventIds)
    {
        foreach (var id in eventIds)
            expected[id] = true;
    }

    public ILogger CreateLogger(string categoryName) => new CapturingLogger(categoryName, lines.Enqueue);

    public void Dispose()
    {
        // What was logged outlives the node: it is read when the federation ends.
    }
}
