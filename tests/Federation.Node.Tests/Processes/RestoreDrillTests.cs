using Federation.Cli;
using Federation.Node.Storage.Sqlite;
using Federation.Node.Tests.Cli;
using Federation.Node.Tests.Storage;
using Federation.Protocol.Heads;
using Xunit;

namespace Federation.Node.Tests.Processes;

/// <summary>
/// The restore drill: two real nodes under load, a backup while they write, more writing, one node's data destroyed and restored, and what
/// must hold then.
/// </summary>
public sealed class RestoreDrillTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestDirectory place = new();
    private readonly Random random = new(4242);

    public void Dispose() => place.Dispose();

    [Fact]
    public async Task A_follower_that_is_restored_streams_again_from_its_cursor_R2_I13_I15_I16()
    {
        using var limit = Limit();
        await using var pair = await ChildPair.StartAsync(random, limit.Token);
        using var load = new NodeLoad(pair.First, random, "sg");
        using var stop = new CancellationTokenSource();
        var writing = load.RunAsync(stop.Token, limit.Token);
        await HeldRecords.WaitUntilSomeAsync(pair.Second, "uk", 20, Patience, limit.Token);

        await BackUpAsync(pair.Second);
        // Records go on being revised, withdrawn and erased, and the follower hears of it.
        await Task.Delay(TimeSpan.FromSeconds(3), limit.Token);
        await pair.Second.KillAsync();
        await RestoreAsync(pair.Second);
        pair.Second.Start();
        await pair.Second.WaitUntilListeningAsync(limit.Token);
        await Task.Delay(TimeSpan.FromSeconds(1), limit.Token);
        await stop.CancelAsync();
        await writing;

        Assert.Contains(load.Records, r => r.Erased);
        var differences = await HeldRecords.WaitUntilSameAsync(pair.Second, "uk", load.Records, Patience, limit.Token);
        Assert.True(differences.Count == 0, $"{string.Join('\n', differences.Take(10))}\n{pair.Second.TailOfLog()}");
        foreach (var (node, _) in pair.Sides)
            Assert.Equal(0, (await node.StopAsync(TimeSpan.FromSeconds(20))).ExitCode);
        await CheckStoresAsync(pair, limit.Token);
    }

    [Fact]
    public async Task An_originator_that_is_restored_has_what_was_acknowledged_before_the_backup_and_goes_on_with_the_same_history_R1_I3()
    {
        using var limit = Limit();
        await using var pair = await ChildPair.StartAsync(random, limit.Token);
        using var load = new NodeLoad(pair.First, random);
        await WriteAsync(load, () => HeldRecords.WaitUntilSomeAsync(pair.Second, "uk", 20, Patience, limit.Token), limit.Token);
        var acknowledged = load.Records.Select(r => (r.Id, r.Revision, r.Erased)).ToList();

        await WriteAsync(load, () => BackUpAsync(pair.First), limit.Token);
        await WriteAsync(load, () => Task.Delay(TimeSpan.FromSeconds(2), limit.Token), limit.Token);
        var held = await HeldRecords.WaitUntilSameAsync(pair.Second, "uk", load.Records, Patience, limit.Token);
        Assert.Empty(held);
        await pair.First.KillAsync();
        await pair.Second.KillAsync();
        var before = HeadOf(pair.Second);
        await RestoreAsync(pair.First);
        pair.First.Start();
        await pair.First.WaitUntilListeningAsync(limit.Token);

        var stored = await HeldRecords.ReadAsync(pair.First, "uk", limit.Token);
        Assert.All(acknowledged.Where(r => r.Erased), r => Assert.DoesNotContain(r.Id, stored.Keys));
        var erasedSince = load.Records.Where(r => r.Erased).Select(r => r.Id).ToHashSet();
        foreach (var (id, revision, _) in acknowledged.Where(r => !r.Erased && !erasedSince.Contains(r.Id)))
            Assert.True(stored.TryGetValue(id, out var view) && view.Revision >= revision, $"record {id} of revision {revision} is lost");
        pair.Second.Start();
        await pair.Second.WaitUntilListeningAsync(limit.Token);
        await AssertNoSecondHistoryAsync(pair, before, limit.Token);
    }

    // The partner holds heads that the restored node does not know: it signs nothing before it has the entries under them back.
    private static async Task AssertNoSecondHistoryAsync(ChildPair pair, byte[] before, CancellationToken cancellationToken)
    {
        using var first = pair.First.Connect();
        using var second = pair.Second.Connect();
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var listed = await first.Operator.ListPartnersAsync(new V1.Node.ListPartnersRequest(), first.Unary(cancellationToken));
            var heard = await second.Operator.ListPartnersAsync(new V1.Node.ListPartnersRequest(), second.Unary(cancellationToken));
            if (listed.Partners.Single().Outbound is { State: V1.Node.OutboundState.Active, RecoveredEntries: > 0 }
                && heard.Partners.Single().Inbound.State == V1.Node.InboundState.Tailing)
                break;
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"the restored node stands at {listed}\n{pair.First.TailOfLog()}");
            await Task.Delay(100, cancellationToken);
        }

        // The follower proved that what it held is a prefix of what it is told now; else it would have halted.
        await pair.Second.StopAsync(TimeSpan.FromSeconds(20));
        Assert.True(Head.TryDecode(before, out var held, out _) && Head.TryDecode(HeadOf(pair.Second), out var now, out _) && now.Size >= held.Size);
        using var database = SqliteSession.Open(pair.First.Database, 1024);
        Assert.Equal(0, database.Scalar("SELECT count(*) FROM evidence"));
    }

    private async Task BackUpAsync(ChildNode node)
    {
        var run = await ToolRun.Of("--dir", node.Directory.Location, "backup", place.Inside("data"), "--keys", place.Inside("keys"));
        Assert.True(run.ExitCode == ExitCode.Ok, run.Error);
        run = await ToolRun.Of("backup", "check", place.Inside("data"), "--keys", place.Inside("keys"));
        Assert.True(run.ExitCode == ExitCode.Ok, run.Error);
    }

    private async Task RestoreAsync(ChildNode node)
    {
        Directory.Delete(Path.GetDirectoryName(node.Database)!, recursive: true);
        var run = await ToolRun.Of("--dir", node.Directory.Location, "restore", place.Inside("data"), "--keys", place.Inside("keys"));
        Assert.True(run.ExitCode == ExitCode.Ok, run.Error);
        using var database = SqliteSession.Open(node.Database, 1024);
        using var row = database.UseOnce("PRAGMA integrity_check");
        Assert.True(row.Step());
        Assert.Equal("ok", row.Text(0));
    }

    private static async Task WriteAsync(NodeLoad load, Func<Task> meanwhile, CancellationToken cancellationToken)
    {
        using var stop = new CancellationTokenSource();
        var writing = load.RunAsync(stop.Token, cancellationToken);
        await meanwhile();
        await stop.CancelAsync();
        await writing;
    }

    private static byte[] HeadOf(ChildNode follower)
    {
        using var database = SqliteSession.Open(follower.Database, 1024);
        using var row = database.UseOnce("SELECT head FROM follow");
        Assert.True(row.Step());
        return row.Blob(0);
    }

    private static async Task CheckStoresAsync(ChildPair pair, CancellationToken cancellationToken)
    {
        var faults = new List<Exception>();
        await using var first = SqliteNodeStore.Open(pair.First.Database, "check", faults.Add);
        await using var second = SqliteNodeStore.Open(pair.Second.Database, "check", faults.Add);
        await LedgerCheck.PassAsync(first, settled: true, cancellationToken);
        await LedgerCheck.PassAsync(second, settled: true, cancellationToken);
        Assert.Empty(await ReplicaCheck.FindAsync((first, 1), (second, 1), cancellationToken));
        Assert.Empty(faults);
    }

    private static CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(4));
        return limit;
    }
}
