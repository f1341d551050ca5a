using System.Diagnostics;
using System.Globalization;
using Federation.Node.Storage.Sqlite;
using Federation.Node.Tests.Cli;
using Federation.Node.Tests.Storage;
using Xunit;

namespace Federation.Node.Tests.Processes;

/// <summary>
/// A disk that fails one flush (R28). What the kernel then keeps of the pages is unknown, so the process ends at once, and after a restart
/// everything that was acknowledged is there. The fault is injected into the system call by strace.
/// </summary>
public sealed class BrokenDiskTests(ITestOutputHelper output) : IDisposable
{
    private readonly TestDirectory root = new();

    public void Dispose() => root.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    public async Task R28_a_flush_that_fails_ends_the_process_and_loses_nothing_acknowledged(int flush)
    {
        SkipWithoutStrace();
        var cancellationToken = TestContext.Current.CancellationToken;
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        giveUp.CancelAfter(TimeSpan.FromSeconds(90));
        await using var node = ChildNode.Create(root.Location, "uk", new Random(Environment.ProcessId + flush));
        node.Start();
        await node.WaitUntilListeningAsync(giveUp.Token);
        Assert.Equal(0, (await node.StopAsync(TimeSpan.FromSeconds(20))).ExitCode);

        // The number counts the flushes of one thread; any thread of the writer may be the first to reach it.
        var when = flush.ToString(CultureInfo.InvariantCulture);
        node.Start("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", $"inject=fsync,fdatasync:error=EIO:when={when}");
        await node.WaitUntilListeningAsync(giveUp.Token);
        using var load = new NodeLoad(node, new Random(flush));
        using var stop = new CancellationTokenSource();
        var writing = load.RunAsync(stop.Token, giveUp.Token);
        var exitCode = await node.WaitForEndAsync(TimeSpan.FromSeconds(60), giveUp.Token);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("the store can't be trusted any more", node.ReadLog(), StringComparison.Ordinal);
        output.WriteLine($"{load.Records.Count} records were acknowledged before the process ended with code {exitCode}");

        await stop.CancelAsync();
        node.Start();
        await writing;
        await node.WaitUntilListeningAsync(giveUp.Token);
        var differences = HeldRecords.CompareOwn(load.Records, await HeldRecords.ReadAsync(node, "uk", giveUp.Token));
        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.Equal(0, (await node.StopAsync(TimeSpan.FromSeconds(20))).ExitCode);
        await using var store = SqliteNodeStore.Open(node.Database, "check", fault => throw fault);
        await LedgerCheck.PassAsync(store, settled: true, giveUp.Token);
    }

    private static void SkipWithoutStrace()
    {
        try
        {
            var start = new ProcessStartInfo("strace", ["-f", "-qq", "-o", "/dev/null", "-e", "inject=fdatasync:error=EIO:when=1", "true"]) { RedirectStandardError = true };
            using var probe = Process.Start(start)!;
            var refusal = probe.StandardError.ReadToEnd();
            probe.WaitForExit();
            Assert.SkipWhen(probe.ExitCode != 0, $"NOT TESTED, a flush that fails: strace may not trace here: {refusal.Trim()}");
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            Assert.Skip($"NOT TESTED, a flush that fails: there is no strace: {missing.Message}");
        }
    }
}
