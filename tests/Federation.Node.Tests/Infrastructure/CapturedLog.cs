using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>Keeps what one node logs. An error that no test expects fails the test when its federation ends.</summary>
internal sealed class CapturedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> lines = new();
    private readonly ConcurrentDictionary<int, bool> expected = new();

    public IReadOnlyList<LogLine> Lines => [.. lines];

    /// <summary>The errors whose event ids were not expected.</summary>
    public IReadOnlyList<LogLine> UnexpectedErrors => [.. lines.Where(l => l.Level >= LogLevel.Error && !expected.ContainsKey(l.EventId) && !IsCallerGone(l))];

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

    // The gRPC server, which reads a unary request before any code of the node runs, calls it an error that the caller gave up meanwhile.
    private static bool IsCallerGone(LogLine line) =>
        line.Category == "Grpc.AspNetCore.Server.ServerCallHandler"
        && line.Text.Contains("System.IO.IOException: The client reset the request stream.", StringComparison.Ordinal);
}
