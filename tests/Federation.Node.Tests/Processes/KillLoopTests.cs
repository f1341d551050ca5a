using System.Globalization;
using Federation.Node.Storage.Sqlite;
using Federation.Node.Tests.Storage;
using Xunit;

namespace Federation.Node.Tests.Processes;

/// <summary>
/// Kills real nodes under load, of either side and at any moment, in the middle of sweeps too. At rest: nothing acknowledged is lost, nothing is doubled, replication
/// went on by itself, and both stores pass their checks: I1 (dense), I13 (follower atomic), I17 (receipts are true).
/// </summary>
public sealed class KillLoopTests(ITestOutputHelper output)
{
    private const int DefaultKills = 50;

    [Fact]
    public async Task Killed_nodes_lose_nothing_double_nothing_and_go_on_by_themselves_I1_I13_I17()
    {
        var kills = Number("FEDERATION_KILLS") ?? DefaultKills;
        var seed = Number("FEDERATION_SEED") ?? (int)(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() & 0xFFFFFF);
        output.WriteLine($"{kills} kills, seed {seed} (FEDERATION_KILLS, FEDERATION_SEED)");
        var random = new Random(seed);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(120 + 6 * kills));

        await using var pair = await ChildPair.StartAsync(random, limit.Token);
        using var firstLoad = new NodeLoad(pair.First, new Random(seed + 1), pair.Second.Card.Institute);
        using var secondLoad = new NodeLoad(pair.Second, new Random(seed + 2), pair.First.Card.Institute);
        using var stop = new CancellationTokenSource();
        var loads = Task.WhenAll(firstLoad.RunAsync(stop.Token, limit.Token), secondLoad.RunAsync(stop.Token, limit.Token));
        await KillAsync(pair, kills, random, loads, limit.Token);
        await stop.CancelAsync();
        await loads;
        output.WriteLine($"{firstLoad.Records.Count} and {secondLoad.Records.Count} records, {firstLoad.Policies + secondLoad.Policies} policies, {firstLoad.Repeats + secondLoad.Repeats} calls made again");

        await CompareAsync(pair, (firstLoad, secondLoad), limit.Token);
        foreach (var (node, _) in pair.Sides)
            Assert.Equal(0, (await node.StopAsync(TimeSpan.FromSeconds(20))).ExitCode);
        await CheckStoresAsync(pair, limit.Token);
    }

    // Mostly a node that listens is killed, some time into its work; now and then one that has hardly started.
    private static async Task KillAsync(ChildPair pair, int kills, Random random, Task loads, CancellationToken cancellationToken)
    {
        for (var i = 0; i < kills && !loads.IsCompleted; i++)
        {
            var victim = random.Next(2) == 0 ? pair.First : pair.Second;
            if (random.Next(5) != 0)
                await victim.WaitUntilListeningAsync(cancellationToken);
            await Task.Delay(random.Next(20, 700), cancellationToken);
            await victim.KillAsync();
            victim.Start();
        }

        if (loads.IsFaulted)
            await loads;
    }

    private static async Task CompareAsync(ChildPair pair, (NodeLoad First, NodeLoad Second) loads, CancellationToken cancellationToken)
    {
        foreach (var (node, other, load) in new[] { (pair.First, pair.Second, loads.First), (pair.Second, pair.First, loads.Second) })
        {
            var origin = node.Card.Institute;
            await node.WaitUntilListeningAsync(cancellationToken);
            await other.WaitUntilListeningAsync(cancellationToken);
            var differences = HeldRecords.CompareOwn(load.Records, await HeldRecords.ReadAsync(node, origin, cancellationToken));
            Assert.True(differences.Count == 0, $"at {origin}: {string.Join('\n', differences.Take(10))}");
            differences = await HeldRecords.WaitUntilSameAsync(other, origin, load.Records, TimeSpan.FromSeconds(60), cancellationToken);
            Assert.True(
                differences.Count == 0,
                $"of {origin} at {other.Card.Institute}: {string.Join('\n', differences.Take(10))}\n{node.TailOfLog()}\n---\n{other.TailOfLog()}");
            Assert.Contains(load.Records, r => r.IsShared);
            Assert.Contains(load.Records, r => !r.IsShared);
        }
    }

    private static async Task CheckStoresAsync(ChildPair pair, CancellationToken cancellationToken)
    {
        var faults = new List<Exception>();
        await using var first = SqliteNodeStore.Open(pair.First.Database, "check", faults.Add);
        await using var second = SqliteNodeStore.Open(pair.Second.Database, "check", faults.Add);
        await LedgerCheck.PassAsync(first, settled: true, cancellationToken);
        await LedgerCheck.PassAsync(second, settled: true, cancellationToken);
        // Each knows one partner, so its number is 1 at both.
        Assert.Empty(await ReplicaCheck.FindAsync((first, 1), (second, 1), cancellationToken));
        Assert.Empty(await ReplicaCheck.FindAsync((second, 1), (first, 1), cancellationToken));
        Assert.Empty(faults);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
