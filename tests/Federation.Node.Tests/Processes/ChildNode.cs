using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Federation.Cli.Connection;
using Federation.Cli.Setup;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Xunit;

namespace Federation.Node.Tests.Processes;

/// <summary>
/// A node in a directory of its own, as `federation init` makes it, that runs as a child process and is started and killed again and
/// again. Only the process that it started is ever ended. Disposing kills what still runs.
/// </summary>
internal sealed class ChildNode : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(45);

    private Process? process;
    private Task logging = Task.CompletedTask;

    private ChildNode(NodeDirectory directory, PartnerCard card)
    {
        Directory = directory;
        Card = card;
    }

    public NodeDirectory Directory { get; }

    public PartnerCard Card { get; }

    public string Database => Directory.Inside(Path.Combine("data", "federation.db"));

    public string LogFile => Directory.Inside("node.log");

    public bool HasExited => process is null || process.HasExited;

    /// <summary>Makes the directory with fixed ports: a node that was killed comes back where its partners look for it.</summary>
    public static ChildNode Create(string root, string institute, Random random)
    {
        var plan = new InstitutePlan
        {
            Location = Path.Combine(root, institute),
            Institute = InstituteId.Parse(institute),
            PartnerPort = FreePort(random),
            OwnPort = FreePort(random),
        };
        var card = InstituteSetup.Create(plan with { Advertise = [$"127.0.0.1:{plan.PartnerPort}"] }, TimeProvider.System);
        return new ChildNode(NodeDirectory.Open(plan.Location), card);
    }

    /// <summary>Starts the node, unless it runs.</summary>
    /// <param name="under">A program with its arguments that starts the node in its turn; none starts it directly.</param>
    public void Start(params string[] under)
    {
        if (!HasExited)
            return;
        process?.Dispose();
        File.Delete(Directory.ListeningFile);
        process = StartProcess(Directory.Location, under);
        logging = AppendAsync(process, LogFile);
    }

    /// <summary>Starts a process for a directory; the caller ends it.</summary>
    public static Process StartProcess(string directory, params string[] under)
    {
        var start = NodeProgram.StartInfo(directory);
        if (under.Length > 0)
        {
            string[] arguments = [.. under[1..], start.FileName, .. start.ArgumentList];
            start = new ProcessStartInfo(under[0], arguments) { UseShellExecute = false, WorkingDirectory = directory };
        }

        start.RedirectStandardOutput = start.RedirectStandardError = true;
        // Nodes of a test start often and do little: less time in the compiler, the collector that takes the least memory.
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start) ?? throw new InvalidOperationException("the node could not be started");
    }

    public async Task WaitUntilListeningAsync(CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!ListenerAddress.TryRead(Directory.ListeningFile, out _))
        {
            var waited = TimeProvider.System.GetElapsedTime(started);
            Assert.False(HasExited, $"{Card.Institute} ended with code {(HasExited ? process?.ExitCode : 0)} while it started\n{TailOfLog()}");
            Assert.True(waited < StartPatience, $"{Card.Institute} did not listen within {StartPatience}\n{TailOfLog()}");
            await Task.Delay(20, cancellationToken);
        }
    }

    /// <summary>Ends the process at once (SIGKILL).</summary>
    public async Task KillAsync()
    {
        if (process is null)
            return;
        // With what it started, if something stands between: that would go on otherwise.
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        await logging;
    }

    /// <summary>Asks the process to stop (SIGTERM) and answers its exit code and how long it took.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> StopAsync(TimeSpan patience)
    {
        Assert.False(HasExited, $"{Card.Institute} does not run\n{TailOfLog()}");
        var started = TimeProvider.System.GetTimestamp();
        Assert.Equal(0, Signal(process!.Id, Terminate));
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{Card.Institute} did not stop within {patience}\n{TailOfLog()}");
        }

        var took = TimeProvider.System.GetElapsedTime(started);
        await logging;
        return (process.ExitCode, took);
    }

    /// <summary>Waits until the process has ended by itself, and answers its exit code.</summary>
    public async Task<int> WaitForEndAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        await process!.WaitForExitAsync(limit.Token);
        await logging;
        return process.ExitCode;
    }

    public NodeConnection Connect() => NodeConnection.Open(Directory, null, TimeProvider.System);

    public string TailOfLog() => File.Exists(LogFile) ? string.Join('\n', ReadLog().Split('\n').TakeLast(30)) : "";

    public string ReadLog()
    {
        using var file = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(file).ReadToEnd();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process?.Dispose();
    }

    // Below the range from which systems take the ports of outgoing connections: nobody takes it while the node is down.
    private static int FreePort(Random random)
    {
        while (true)
        {
            var port = random.Next(20_000, 32_000);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }

    private static async Task AppendAsync(Process process, string file)
    {
        await using var log = TextWriter.Synchronized(new StreamWriter(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true });
        await Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));

        async Task CopyAsync(StreamReader from)
        {
            while (await from.ReadLineAsync() is { } line)
                await log.WriteLineAsync(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
