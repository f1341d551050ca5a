using Federation.Node.Storage.Sqlite;
using Federation.Protocol.Heads;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>The full verification finds what was done to a store behind its back: a check that finds nothing proves nothing.</summary>
public sealed class LedgerCheckTests : IAsyncDisposable
{
    private readonly StoreHouse house = new(StoreDrivers.Sqlite);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Theory]
    [InlineData("DELETE FROM ledger WHERE seq = 5", "I1")]
    [InlineData("DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)", "I1")]
    [InlineData("UPDATE ledger SET vrev = vrev + 1 WHERE seq = 299", "I9")]
    [InlineData("UPDATE ledger SET op = 2, stmt_hash = NULL WHERE seq = 0", "I9")]
    [InlineData("UPDATE ledger SET stmt_hash = randomblob(32) WHERE seq = 7", "the compact range is not that of the entries")]
    [InlineData("UPDATE ledger_head SET live_count = live_count + 1", "live entries and a count of")]
    [InlineData("UPDATE ledger_head SET buckets = zeroblob(length(buckets))", "the sums of the live entries")]
    [InlineData("UPDATE tile SET hashes = randomblob(length(hashes)) WHERE level = 0", "tile 0/0")]
    [InlineData("DELETE FROM tile WHERE level = 1", "tile 1/0")]
    [InlineData("DELETE FROM disclosed WHERE rec = 9", "records have a latest entry")]
    [InlineData("UPDATE disclosed SET seq = seq + 1000 WHERE rec = 9", "the latest entry of record 9")]
    [InlineData("UPDATE record SET kind = kind + 1 WHERE rec = 9", "makes the statement of entry")]
    [InlineData("UPDATE ledger_head SET signed_size = size + 1", "may be signed")]
    public async Task A_ledger_that_was_tampered_with_is_found(string tampering, string finding)
    {
        var stage = await LedgerStage.AddAsync(house.Store, Token);
        var records = await StoreRecords.SeedAsync(house.Store, 300, Token);
        await stage.AppendAsync(house.Store, LedgerOperation.Disclose, records, Token);
        await AssertFoundAsync(tampering, finding);
    }

    [Theory]
    [InlineData("DELETE FROM in_entry WHERE seq = 1", "I13")]
    [InlineData("UPDATE in_entry SET leaf = randomblob(32) WHERE seq = 0", "I13")]
    [InlineData("UPDATE follow SET size = size - 1", "I13")]
    [InlineData("UPDATE follow SET live_count = live_count + 1", "I13")]
    [InlineData("UPDATE follow SET buckets = zeroblob(length(buckets))", "I13")]
    [InlineData("UPDATE record SET status = 3 WHERE source = 1 AND rid = x'00000000000000000000000000000002'", "I13")]
    [InlineData("UPDATE record SET kind = kind + 1 WHERE source = 1", "I14")]
    [InlineData("UPDATE follow SET receipt_size = size + 1", "I17")]
    public async Task A_followed_ledger_that_was_tampered_with_is_found(string tampering, string finding)
    {
        var follow = await FollowStage.AddAsync(house.Store, Token);
        var entries = Enumerable.Range(1, 5).Select(i => (i, LedgerOperation.Disclose)).ToArray();
        await follow.ApplyAsync(house.Store, Token, entries);
        await AssertFoundAsync(tampering, finding);
    }

    private async Task AssertFoundAsync(string tampering, string finding)
    {
        await LedgerCheck.PassAsync(house.Store, settled: true, Token);
        using (var session = SqliteSession.Open(Path.Combine(house.Location, "federation.db"), 1024))
            session.Run(tampering);
        var findings = await LedgerCheck.FindAsync(house.Store, settled: true, Token);
        Assert.Contains(findings, f => f.Contains(finding, StringComparison.Ordinal));
    }
}
