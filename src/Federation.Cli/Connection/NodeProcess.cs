using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Federation.Cli.Connection;

/// <summary>A node that runs as a child process. Whoever started it ends it: disposing asks it to stop, and kills it if it doesn't.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private const int Terminate = 15;

    // A node that serves partners may take its time to end their calls in order; one of a demo has nothing to lose.
    private static readonly TimeSpan RunPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ChildPatience = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly Task _logging;
    private readonly TimeProvider _clock;

    private NodeProcess(NodeDirectory directory, Process process, Task logging, TimeProvider clock)
    {
        Directory = directory;
        _process = process;
        _logging = logging;
        _clock = clock;
    }

    public NodeDirectory Directory { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts the node of a directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="logFile">Where its output goes; null lets it write to this process's own output.</param>
    /// <param name="clock">The clock for waiting.</param>
    public static NodeProcess Start(NodeDirectory directory, string? logFile, TimeProvider clock)
    {
        var start = NodeProgram.StartInfo(directory.Location);
        start.RedirectStandardOutput = start.RedirectStandardError = logFile is not null;
        // Several nodes share one machine: the collector that takes the least memory.
        if (logFile is not null)
            start.Environment["DOTNET_gcServer"] = "0";
        var process = Process.Start(start) ?? throw CommandFailureException.Unreachable("The node could not be started.");
        var logging = logFile is null ? Task.CompletedTask : LogAsync(process, logFile);
        return new NodeProcess(directory, process, logging, clock);
    }

    /// <summary>Waits for the node to end by itself, or asks it to when cancelled, and answers its exit code.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await StopAsync(RunPatience);
        }
        return _process.ExitCode;
    }

    /// <summary>Waits until both listeners are bound.</summary>
    public async Task<ListenerAddress> WaitUntilListeningAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (ListenerAddress.TryRead(Directory.ListeningFile, out var addresses))
                return addresses;
            if (_process.HasExited)
                throw CommandFailureException.Unreachable($"The node in {Directory.Location} ended with code {_process.ExitCode} while it started.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), _clock, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(ChildPatience);
        _process.Dispose();
    }

    private async Task StopAsync(TimeSpan patience)
    {
        if (!_process.HasExited)
        {
            Signal(_process, Terminate);
            using var limit = new CancellationTokenSource(patience, _clock);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }
        await _logging;
    }

    private static async Task LogAsync(Process process, string logFile)
    {
        // Appended unbuffered by both streams, so lines stay whole and nothing is lost when this process ends.
        await using var log = TextWriter.Synchronized(new StreamWriter(logFile, append: true) { AutoFlush = true });
        await Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));

        async Task CopyAsync(StreamReader from)
        {
            while (await from.ReadLineAsync() is { } line)
                await log.WriteLineAsync(line);
        }
    }

    private static void Signal(Process process, int signal)
    {
        if (OperatingSystem.IsWindows())
            process.Kill();
        else
            _ = Kill(process.Id, signal);
    }

    // .NET only sends SIGKILL, and a node has to stop in order.
    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
