using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;
using Federation.Node.Tests.Cli;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using SQLitePCL;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>What holds of the SQLite driver alone: its files, its schema's versions, its faults, and I10 (a write's cost).</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly TestDirectory directory = new();
    private readonly List<Exception> faults = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Database => directory.Inside("federation.db");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Every_file_of_the_store_is_its_owners_alone()
    {
        await using var store = Open();
        await StoreRecords.SeedAsync(store, 3, Token);
        var files = Directory.EnumerateFiles(directory.Location).ToList();
        Assert.Contains(files, f => f.EndsWith("-wal", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
            Assert.All(files, f => Assert.Equal("600", TestDirectory.ModeOf(f)));
    }

    [Fact]
    public async Task A_database_without_a_schema_is_brought_to_the_present_one_and_stays_there()
    {
        await File.WriteAllBytesAsync(Database, [], Token);
        await using (var store = Open())
            Assert.Equal(SqliteSchema.Version, (await store.ReadNodeAsync(Token)).Schema);
        Assert.Equal(SqliteSchema.Version, Execute("PRAGMA user_version"));
        Assert.Equal(SqliteSchema.PageSizeBytes, Execute("PRAGMA page_size"));
        await using (Open())
            Assert.Equal(SqliteSchema.Version, Execute("PRAGMA user_version"));
    }

    [Fact]
    public async Task A_migration_that_was_cut_short_is_taken_whole_at_the_next_start()
    {
        await (Open()).DisposeAsync();
        // What a crash within the step leaves: SQLite rolls the step back, and with it the version.
        foreach (var suffix in new[] { "", "-wal", "-shm" })
            File.Delete(Database + suffix);
        Execute("BEGIN; CREATE TABLE record(rec INTEGER PRIMARY KEY)");
        await using var store = Open();
        await StoreRecords.SeedAsync(store, 2, Token);
        Assert.Equal(2, (await store.CountRecordsAsync(Token)).Single().Count);
    }

    [Fact]
    public async Task A_schema_newer_than_the_program_is_refused_and_left_as_it_is()
    {
        await (Open()).DisposeAsync();
        Execute($"PRAGMA user_version={SqliteSchema.Version + 1}");
        var refusal = Assert.Throws<StoreFaultException>(Open);
        Assert.Contains($"schema {SqliteSchema.Version + 1}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(SqliteSchema.Version + 1, Execute("PRAGMA user_version"));
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        var text = string.Concat(Enumerable.Repeat("this is no database\n", 1000));
        File.WriteAllText(Database, text);
        Assert.Throws<StoreFaultException>(Open);
        Assert.Equal(text, File.ReadAllText(Database));
    }

    [Fact]
    public async Task Flipped_bytes_in_the_database_end_the_process_on_the_first_read_that_meets_them()
    {
        await using (var store = Open())
        {
            await StoreRecords.SeedAsync(store, 200, Token);
            Assert.True(await store.ScrubAsync(Token));
        }

        Assert.Empty(faults);
        OverwritePageOf("body of record 150 version 1");
        await using var broken = Open();
        await Assert.ThrowsAsync<StoreFaultException>(() => broken.QueryRecordsAsync(StoreRecords.Everything(), Token));
        Assert.NotEmpty(faults);
    }

    [Fact]
    public async Task Flipped_bytes_end_the_process_on_the_first_write_that_meets_them_and_nothing_more_is_written()
    {
        await using (var store = Open())
        {
            await StoreRecords.SeedAsync(store, 200, Token);
            Assert.True(await store.ScrubAsync(Token));
        }

        OverwritePageOf("body of record 150 version 1");
        await using var broken = Open();
        await Assert.ThrowsAsync<StoreFaultException>(() => broken.WriteRecordAsync(StoreRecords.Write(150, 1), Token));
        Assert.Single(faults);
        // After a fault nothing is trusted any more, whatever the next write would touch.
        await Assert.ThrowsAsync<StoreFaultException>(() => broken.AddClientAsync(new StoredClient("a", Digest.Zero, 1, 1), Token));
        Assert.Single(faults);
    }

    [Fact]
    public async Task A_write_changes_as_many_rows_whatever_the_number_of_partners_I10()
    {
        await using (var store = Open())
        {
            await store.SavePartnerAsync(LedgerStage.Card(InstituteId.Parse("p-1")), Token);
            await StoreRecords.SeedAsync(store, 2, Token);
        }

        var one = (RowsChangedBy(StoreRecords.Write(10)), RowsChangedBy(StoreRecords.Write(1, 1)));
        await using (var store = Open())
        {
            for (var i = 2; i <= 40; i++)
            {
                var stage = await LedgerStage.AddAsync(store, Token, InstituteId.Parse($"p-{i}"));
                var records = (await store.QueryRecordsAsync(StoreRecords.Everything(), Token)).Records;
                await stage.AppendAsync(store, LedgerOperation.Disclose, records, Token);
                await store.ApplyPolicyAsync(new PolicyWrite(stage.Partner, "version: 1", Digest.Zero, 1), Token);
            }
        }

        Assert.Equal(one, (RowsChangedBy(StoreRecords.Write(11)), RowsChangedBy(StoreRecords.Write(2, 1))));
        Assert.InRange(one.Item1, 1, 10);
    }

    private SqliteNodeStore Open() => SqliteNodeStore.Open(Database, "boot", faults.Add);

    private long RowsChangedBy(RecordWrite write)
    {
        using var session = SqliteSession.Open(Database, 1024);
        session.ChangedN = session.Scalar("SELECT max(changed_n) FROM record") ?? 0;
        session.Run("BEGIN IMMEDIATE");
        var before = session.Scalar("SELECT total_changes()")!.Value;
        Assert.Equal(WriteVerdict.Written, RecordWriting.Write(session, write).Verdict);
        var changed = session.Scalar("SELECT total_changes()")!.Value - before;
        session.Run("COMMIT");
        return changed;
    }

    // The whole page, so that what is met can't be taken for a page.
    private void OverwritePageOf(string text)
    {
        var content = File.ReadAllBytes(Database);
        var at = content.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text));
        Assert.True(at > SqliteSchema.PageSizeBytes, "the database does not hold what the test looks for");
        content.AsSpan(at / SqliteSchema.PageSizeBytes * SqliteSchema.PageSizeBytes, SqliteSchema.PageSizeBytes).Fill(0xFF);
        File.WriteAllBytes(Database, content);
    }

    private long Execute(string sql)
    {
        Batteries_V2.Init();
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(Database, out var database));
        using (database)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_prepare_v2(database, sql, out var statement, out var rest));
            using (statement)
            {
                var row = raw.sqlite3_step(statement) == raw.SQLITE_ROW;
                var value = row ? raw.sqlite3_column_int64(statement, 0) : 0;
                if (!string.IsNullOrWhiteSpace(rest))
                    Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(database, rest));
                return value;
            }
        }
    }
}
