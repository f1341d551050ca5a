using Federation.Node.Storage.Sqlite;
using Federation.Node.Tests.Storage;
using Xunit;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>Two nodes that are each other's first partner and have come to rest: stops both and checks their stores, each and against the other.</summary>
internal static class RestingNodes
{
    public static async Task CheckAsync(TestNode origin, TestNode follower, CancellationToken cancellationToken)
    {
        await follower.StopAsync();
        await origin.StopAsync();
        var faults = new List<Exception>();
        await using (var first = SqliteNodeStore.Open(origin.DatabasePath, "check", faults.Add))
        await using (var second = SqliteNodeStore.Open(follower.DatabasePath, "check", faults.Add))
        {
            await LedgerCheck.PassAsync(first, settled: true, cancellationToken);
            await LedgerCheck.PassAsync(second, settled: true, cancellationToken);
            Assert.Empty(await ReplicaCheck.FindAsync((first, 1), (second, 1), cancellationToken));
        }

        Assert.Empty(faults);
    }
}
