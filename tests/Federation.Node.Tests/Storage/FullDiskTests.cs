using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;
using Federation.Protocol.Heads;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>A full disk: writes say so, reads go on, and when there is room again writes work again. Nothing acknowledged is lost.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const int DiskKiB = 6 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(40_000)]
    [InlineData(150_000)]
    public async Task Writes_answer_that_the_store_is_full_reads_go_on_and_all_recovers_when_there_is_room(int leftBytes)
    {
        using var disk = MountOrSkip();
        var faults = new List<Exception>();
        var acknowledged = new List<int>();
        await using (var store = Open(disk, faults))
        {
            var stage = await LedgerStage.AddAsync(store, Token);
            var early = await StoreRecords.SeedAsync(store, 20, Token);
            acknowledged.AddRange(Enumerable.Range(1, 20));
            Assert.True(await stage.AppendAsync(store, LedgerOperation.Disclose, early, Token));
            disk.Fill("ballast", leftBytes);

            var refused = await WriteUntilFullAsync(store, acknowledged);
            output.WriteLine($"{acknowledged.Count} writes were taken before the disk was full");
            // Reads and further refusals, one after the other and many at once; the process is not ended.
            Assert.Equal(acknowledged.Count, await CountAsync(store));
            var many = Enumerable.Range(refused + 1, 50).Select(i => store.WriteRecordAsync(Large(i), Token)).ToList();
            foreach (var write in many)
                await Assert.ThrowsAsync<StoreFullException>(() => write);
            await LedgerCheck.PassAsync(store, settled: true, Token);
            Assert.Empty(faults);

            File.Delete(Path.Combine(disk.Location, "ballast"));
            var again = refused + 100;
            Assert.Equal(WriteVerdict.Written, (await store.WriteRecordAsync(Large(again), Token)).Verdict);
            acknowledged.Add(again);
            await CheckAsync(store, acknowledged);
        }

        Assert.Empty(faults);
        await using var reopened = Open(disk, faults);
        await CheckAsync(reopened, acknowledged);
        Assert.Empty(faults);
    }

    [Fact]
    public async Task A_disk_that_the_store_fills_by_itself_is_full_and_no_more()
    {
        using var disk = MountOrSkip();
        var faults = new List<Exception>();
        var acknowledged = new List<int>();
        await using (var store = Open(disk, faults))
        {
            disk.Fill("ballast", 2 * 1024 * 1024);
            await WriteUntilFullAsync(store, acknowledged);
            Assert.InRange(acknowledged.Count, 10, int.MaxValue);
            Assert.Empty(faults);
        }

        // Closing writes the log back, which a full disk may not allow: the log then stays, and nothing is lost.
        Assert.Empty(faults);
        File.Delete(Path.Combine(disk.Location, "ballast"));
        await using var reopened = Open(disk, faults);
        await CheckAsync(reopened, acknowledged);
    }

    private static SmallDisk MountOrSkip()
    {
        var disk = SmallDisk.TryMount(DiskKiB, out var reason);
        Assert.SkipWhen(disk is null, $"NOT TESTED, a full disk: {reason}");
        return disk!;
    }

    private static SqliteNodeStore Open(SmallDisk disk, List<Exception> faults) =>
        SqliteNodeStore.Open(Path.Combine(disk.Location, "federation.db"), "boot", faults.Add);

    private static RecordWrite Large(int number) => StoreRecords.Write(number, 0, $"{number} {new string('x', 12_000)}");

    // Answers the number that was refused.
    private static async Task<int> WriteUntilFullAsync(SqliteNodeStore store, List<int> acknowledged)
    {
        for (var i = 1000; i < 3000; i++)
        {
            try
            {
                await store.WriteRecordAsync(Large(i), Token);
                acknowledged.Add(i);
            }
            catch (StoreFullException)
            {
                return i;
            }
        }

        throw new InvalidOperationException("the disk never was full");
    }

    private static async Task<int> CountAsync(SqliteNodeStore store) => (int)(await store.CountRecordsAsync(Token)).Sum(c => c.Count);

    private static async Task CheckAsync(SqliteNodeStore store, List<int> acknowledged)
    {
        Assert.Equal(acknowledged.Count, await CountAsync(store));
        foreach (var number in acknowledged)
            Assert.NotNull(Assert.Single(await store.ReadRecordAsync(StoreRecords.Name(number), Token)).Body);
        await LedgerCheck.PassAsync(store, settled: true, Token);
    }
}
