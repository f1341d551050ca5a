using Federation.Node.Ledger;
using Federation.Node.Storage;
using Federation.Node.Tests.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Xunit;

namespace Federation.Node.Tests.Ledger;

/// <summary>R23: what is about to be signed is held against the stored rows at every size, and whatever is flipped there is found.</summary>
public sealed class LedgerAuditTests : IAsyncLifetime
{
    private const int Entries = 1_300;
    private const int AtOnce = 130;

    private readonly StoreHouse house = new(StoreDrivers.Sqlite);
    private LedgerStage stage = null!;
    private LedgerHead head = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        stage = await LedgerStage.AddAsync(house.Store, Token);
        var records = new List<StoredRecord>();
        for (var i = 0; i < Entries; i++)
            await house.Store.WriteRecordAsync(StoreRecords.Write(i + 1), Token);
        for (var i = 0; i < Entries; i++)
            records.Add((await house.Store.ReadRecordAsync(StoreRecords.Name(i + 1), Token))[0]);
        foreach (var chunk in records.Chunk(AtOnce))
            Assert.True(await stage.AppendAsync(house.Store, LedgerOperation.Disclose, chunk, Token));
        head = (await house.Store.ReadHeadAsync(stage.Partner, Token))!;
    }

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact]
    public async Task R23_every_size_is_recomputed_whether_or_not_it_is_the_latest()
    {
        var audit = new LedgerAudit(house.Store, head.Ledger, head.Incarnation);
        var proofs = new LedgerProofs(house.Store);
        foreach (var size in (ulong[])[Entries, 0, 1, 255, 256, 257, 511, 512, 513, 1024, 1279, 1280, 1281, 1299, Entries])
        {
            var root = (await proofs.RangeAtAsync(head, size, Token)).Root();
            await audit.CheckAsync(head, size, root, Token);
            await Assert.ThrowsAsync<LedgerDamagedException>(() => audit.CheckAsync(head, size, Protocol.Records.Digest.Sha256("another root"u8), Token));
        }
    }

    [Theory]
    [InlineData("UPDATE ledger SET stmt_hash = randomblob(32) WHERE seq = 1290", "root")]
    [InlineData("UPDATE ledger SET vrev = 9 WHERE seq = 700", "tile 0/2 ")]
    [InlineData("UPDATE ledger SET op = 2 WHERE seq = 3", "tile 0/0 ")]
    [InlineData("DELETE FROM ledger WHERE seq = 1281", "entry 1281 ")]
    [InlineData("UPDATE tile SET hashes = zeroblob(8192) WHERE level = 0 AND idx = 4", "tile 0/4 ")]
    [InlineData("UPDATE tile SET hashes = substr(hashes, 1, 40) WHERE level = 0 AND idx = 1", "tile 0/1 ")]
    [InlineData("UPDATE ledger_head SET range = zeroblob(length(range))", "stored range")]
    public async Task R23_a_fault_in_what_is_stored_is_found_before_a_head_is_signed(string fault, string named)
    {
        using (var session = Node.Storage.Sqlite.SqliteSession.Open(Path.Combine(house.Location, "federation.db"), 1024))
            session.Run(fault);
        var stored = (await house.Store.ReadHeadAsync(stage.Partner, Token))!;
        var audit = new LedgerAudit(house.Store, head.Ledger, head.Incarnation);

        var damage = await Assert.ThrowsAsync<LedgerDamagedException>(
            () => audit.CheckAsync(stored, head.Size, CompactRange.Decode(head.Size, head.Range).Root(), Token));

        Assert.Contains(named, damage.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task R23_a_tile_that_rots_after_it_was_read_is_found_when_an_older_head_is_signed(int level)
    {
        var audit = new LedgerAudit(house.Store, head.Ledger, head.Incarnation);
        await audit.CheckAsync(head, head.Size, CompactRange.Decode(head.Size, head.Range).Root(), Token);
        using (var session = Node.Storage.Sqlite.SqliteSession.Open(Path.Combine(house.Location, "federation.db"), 1024))
            session.Run($"UPDATE tile SET hashes = CAST(randomblob(length(hashes)) AS BLOB) WHERE level = {level} AND idx = 0");
        var root = level == 0 ? Protocol.Records.Digest.Zero : (await new LedgerProofs(house.Store).RangeAtAsync(head, 300, Token)).Root();

        // Above level 0 the audited tree is in memory, so that what rots on the disk changes the root that would be signed, and no more.
        await Assert.ThrowsAsync<LedgerDamagedException>(() => audit.CheckAsync(head, level == 0 ? 100UL : 300UL, root, Token));
    }
}
