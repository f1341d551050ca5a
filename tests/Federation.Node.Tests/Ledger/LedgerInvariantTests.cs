using Federation.Node.Storage.Sqlite;
using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Ledger;

public sealed class LedgerInvariantTests
{
    private const string NotDense = """
        SELECT count(*) FROM ledger_head h WHERE h.size <> (SELECT count(*) FROM ledger l WHERE l.p = h.p)
          OR h.size <> (SELECT coalesce(max(l.seq) + 1, 0) FROM ledger l WHERE l.p = h.p) OR 0 > (SELECT coalesce(min(l.seq), 0) FROM ledger l WHERE l.p = h.p)
        """;

    [Fact]
    public async Task Invariant_I1_every_ledger_is_dense_at_every_commit_under_concurrent_writes()
    {
        await using var federation = await TestFederation.StartAsync("uk");
        var node = federation["uk"];
        foreach (var (institute, policy) in new[] { ("jp", TestPolicies.Everything), ("sg", TestPolicies.Green), ("fr", TestPolicies.PracticesOnly) })
        {
            await node.AddPartnerAsync(new TestInstitute(institute).Card, share: true);
            await node.ApplyPolicyAsync(institute, policy);
        }

        using var database = node.OpenDatabase();
        var writing = Task.WhenAll(Enumerable.Range(0, 6).Select(async writer =>
        {
            for (var i = 0; i < 20; i++)
            {
                var record = await node.PublishAsync(Drafts.Flaw($"flaw {writer}-{i}", marking: i % 2 == 0 ? Marking.Green : Marking.Amber));
                await node.ReviseAsync(record, 1, Drafts.Flaw($"flaw {writer}-{i}, again", marking: i % 3 == 0 ? Marking.Green : Marking.Amber));
            }
        }));
        while (!writing.IsCompleted)
        {
            Assert.Equal(0L, database.Scalar(NotDense));
            await Task.Yield();
        }

        await writing;
        await node.WaitForOutboundAsync("jp", l => l.LiveRecords == 120);
        Assert.Equal(0L, database.Scalar(NotDense));
        Assert.InRange((await node.OutboundAsync("jp")).Appended, 120UL, 240UL);
        Assert.Equal(0UL, (await node.OutboundAsync("fr")).Appended);
    }

    [Fact]
    public async Task Invariant_I10_a_write_makes_as_many_rows_for_20_partners_as_for_one()
    {
        await using var federation = await TestFederation.StartAsync("uk");
        var node = federation["uk"];
        await node.AddPartnerAsync(new TestInstitute("p-0").Card, share: true);
        // The first write of all makes rows that every later one only changes.
        await node.PublishAsync(Drafts.Flaw("the first"), "key-first");
        await SettleAsync(node);
        var withOne = await RowsOfAWriteAsync(node);

        for (var i = 1; i < 20; i++)
            await node.AddPartnerAsync(new TestInstitute($"p-{i}").Card, share: true);

        Assert.Equal(withOne, await RowsOfAWriteAsync(node));
        Assert.NotEmpty(withOne);
    }

    [Fact]
    public async Task Invariant_I17_what_a_receipt_says_is_stored_before_it_is_sent()
    {
        await using var federation = await TestFederation.StartAsync("jp");
        await using var origin = await HostileOrigin.StartAsync("uk");
        var node = federation["jp"];
        using var database = node.OpenDatabase();
        var receipts = new List<(ulong Size, bool True)>();
        origin.OnReceipt = receipt =>
        {
            using var row = database.Use("SELECT size, range FROM follow WHERE ledger = ?1").Bind(1, (ReadOnlySpan<byte>)origin.Ledger.ToBytes());
            Assert.True(row.Step());
            var stored = CompactRange.Decode(row.UInt64(0), row.Span(1));
            receipts.Add((receipt.Size, receipt.Size < stored.Size || (receipt.Size == stored.Size && receipt.Root == stored.Root())));
        };

        await node.AddPartnerAsync(origin.Institute.Card, follow: true);
        for (var i = 1; i <= 40; i++)
        {
            origin.Append(HostileEntry.Flaw(origin.Institute, new RecordId((UInt128)i << 100), $"flaw {i}"));
            await node.WaitForInboundAsync("uk", l => l.Applied >= (ulong)i);
        }

        await node.WaitForInboundAsync("uk", l => l.Receipted == 40);
        Assert.True(receipts.Count > 1);
        Assert.All(receipts, r => Assert.True(r.True, $"the receipt for {r.Size} came before its commit"));
        Assert.Equal(40UL, receipts[^1].Size);
    }

    private static async Task<SortedDictionary<string, long>> RowsOfAWriteAsync(TestNode node)
    {
        await SettleAsync(node);
        using var database = node.OpenDatabase();
        var before = CountRows(database);
        var draft = Drafts.Flaw("a flaw");
        draft.Envelope.Topics.Add("cyber");
        await node.PublishAsync(draft, $"key-{before["record"]}");
        var after = CountRows(database);
        return new SortedDictionary<string, long>(after.Where(t => t.Value != before[t.Key]).ToDictionary(t => t.Key, t => t.Value - before[t.Key]), StringComparer.Ordinal);
    }

    // The sweeps of added partners end in the background, and are no part of a write; nor is the position that is saved after them.
    private static async Task SettleAsync(TestNode node)
    {
        using var database = node.OpenDatabase();
        await Patience.UntilAsync(
            () => Task.FromResult(
                database.Scalar("SELECT count(*) FROM sweep") == 0
                && (database.Scalar("SELECT count(*) FROM record") == 0 || database.Scalar("SELECT count(*) FROM position WHERE name = 'sequencer'") == 1)),
            () => "the end of the sweeps");
    }

    private static SortedDictionary<string, long> CountRows(SqliteSession database)
    {
        var tables = new List<string>();
        using (var names = database.Use("SELECT name FROM sqlite_master WHERE type = 'table'"))
        {
            while (names.Step())
                tables.Add(names.Text(0));
        }

        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in tables)
            counts[table] = database.Scalar($"SELECT count(*) FROM \"{table}\"") ?? 0;
        return counts;
    }
}
