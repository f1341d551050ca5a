using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;
using Federation.Node.Tests.Cli;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>R28: after an end that nobody chose the database is checked before anything is done with it.</summary>
public sealed class UncleanEndTests : IDisposable
{
    private const int Records = 200;
    private const int FirstDamagedPage = 20;

    private readonly TestDirectory directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Killed => Path.Combine(directory.Location, "killed.db");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task R28_what_was_acknowledged_is_there_after_an_unclean_end()
    {
        await LeaveUncleanAsync();

        Assert.True(SqliteIntegrity.EndedUncleanly(Killed));
        await using var store = Open();

        for (var i = 1; i <= Records; i++)
            Assert.Single(await store.ReadRecordAsync(StoreRecords.Name(i), Token));
    }

    [Fact]
    public async Task R28_a_database_that_lost_pages_is_not_opened_after_an_unclean_end()
    {
        await LeaveUncleanAsync();
        var content = await File.ReadAllBytesAsync(Killed, Token);
        for (var page = FirstDamagedPage; page < content.Length / SqliteSchema.PageSizeBytes; page++)
            content.AsSpan(page * SqliteSchema.PageSizeBytes, SqliteSchema.PageSizeBytes).Clear();
        await File.WriteAllBytesAsync(Killed, content, Token);

        var fault = Assert.Throws<StoreFaultException>(() => { Open(); });

        Assert.Contains("unclean end", fault.Message, StringComparison.Ordinal);
    }

    // The files as a process leaves them that is killed: most pages in the database, the last commits in its log.
    private async Task LeaveUncleanAsync()
    {
        var path = Path.Combine(directory.Location, "federation.db");
        await using (var first = SqliteNodeStore.Open(path, "first", fault => throw fault))
        {
            for (var i = 1; i < Records; i++)
                await first.WriteRecordAsync(StoreRecords.Write(i), Token);
        }

        await using var second = SqliteNodeStore.Open(path, "second", fault => throw fault);
        await second.WriteRecordAsync(StoreRecords.Write(Records), Token);
        foreach (var file in (string[])["", "-wal"])
        {
            await using var from = new FileStream(path + file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await using var to = new FileStream(Killed + file, FileMode.CreateNew);
            await from.CopyToAsync(to, Token);
        }
    }

    private SqliteNodeStore Open() => SqliteNodeStore.Open(Killed, "third", fault => throw fault);
}
