using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;
using Federation.Node.Tests.Infrastructure;
using Federation.Node.Tests.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Scenarios;

/// <summary>A copy whose live entries are not those of the signed head is repaired from the partner, entry by entry, each proven.</summary>
public sealed class RepairTests : IAsyncLifetime
{
    private const int Records = 300;

    private readonly List<string> records = [];
    private TestFederation federation = null!;

    private TestNode Follower => federation["jp"];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Green);
        for (var i = 0; i < Records; i++)
            records.Add(await federation["uk"].PublishAsync(Drafts.Flaw($"flaw {i}")));
        await federation.SettleAsync("uk", "jp");
        await Follower.WaitForInboundAsync("uk", l => l.LiveRecords == Records + 1);
        await Follower.StopAsync();
    }

    public ValueTask DisposeAsync() => federation.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public async Task Entries_that_were_never_shown_are_asked_for_and_stored_under_the_same_root(int level)
    {
        Assert.Equal(1 << level, Hide(level));

        await Follower.StartAsync();

        await Follower.WaitForInboundAsync("uk", l => l.LiveRecords == Records + 1);
        await Patience.UntilAsync(() => Task.FromResult(Follower.Log.Lines.Any(l => l.EventId == 3018)), () => "the log line that says what was repaired");
        var held = await Follower.ListAllAsync();
        Assert.All(records, record => Assert.Contains($"uk/{record}", held.Keys));
        await federation.SettleAsync("uk", "jp");
        Assert.Empty(await Follower.EvidenceAsync("uk"));
        await Follower.StopAsync();
        await using var store = SqliteNodeStore.Open(Follower.DatabasePath, "reading", failure => Assert.Fail($"{failure}"));
        await LedgerCheck.PassAsync(store, settled: false, Now);
    }

    [Fact]
    public async Task Counts_that_are_wrong_alone_are_counted_again()
    {
        using (var session = Follower.OpenDatabase())
            session.Run("UPDATE follow SET live_count = live_count - 7, buckets = zeroblob(2048)");
        await Follower.StartAsync();
        await Follower.WaitForInboundAsync("uk", l => l.State == InboundState.Tailing && l.LiveRecords == Records + 1);
        await federation.SettleAsync("uk", "jp");
        await Follower.StopAsync();
        await using var store = SqliteNodeStore.Open(Follower.DatabasePath, "reading", failure => Assert.Fail($"{failure}"));
        await LedgerCheck.PassAsync(store, settled: false, Now);
    }

    [Fact]
    public async Task A_piece_of_the_tree_that_was_changed_is_not_repaired_over_but_halts_with_evidence()
    {
        Hide(2);
        using (var session = Follower.OpenDatabase())
            session.Run("UPDATE in_entry SET leaf = CAST(x'02' || randomblob(32) AS BLOB) WHERE length(leaf) = 33");
        Follower.Log.Expect(3012);
        await Follower.StartAsync();
        await Follower.WaitForStateAsync("uk", InboundState.Halted);
        Assert.Contains(await Follower.EvidenceAsync("uk"), e => e.Fault == "LIVE_SET_MISMATCH" && e.Detail.Contains("not the one in the tree", StringComparison.Ordinal));
    }

    // Makes the copy what it were if the partner had shown a hash in the place of live entries.
    private int Hide(int level)
    {
        using var session = Follower.OpenDatabase();
        var from = level == 8 ? 0UL : 32;
        var to = from + (1UL << level);
        var follow = FollowRows.Read(session, 1)[0];
        var live = LiveSet.Decode(follow.LiveCount, follow.Buckets);
        var subtree = new CompactRange();
        var hidden = 0;
        for (var seq = from; seq < to; seq++)
        {
            using var row = session.Use("SELECT leaf FROM in_entry WHERE seq = ?1").Bind(1, seq);
            Assert.True(row.Step());
            var item = HeldItem.Decode(follow.Ledger, seq, row.Span(0));
            Leaf leaf = Assert.NotNull(item.Leaf);
            live.Remove(leaf.Record, item.Hash);
            subtree.Append(item.Hash);
            hidden++;
        }

        session.Run($"DELETE FROM record WHERE source = 1 AND seq >= {from} AND seq < {to}");
        session.Run("DELETE FROM body WHERE rec NOT IN (SELECT rec FROM record)");
        session.Run("DELETE FROM rec_key WHERE rec NOT IN (SELECT rec FROM record)");
        session.Run("DELETE FROM view WHERE rec NOT IN (SELECT rec FROM record)");
        session.Run("DELETE FROM link WHERE rec NOT IN (SELECT rec FROM record)");
        session.Run("DELETE FROM record_topic WHERE rec NOT IN (SELECT rec FROM record)");
        session.Run($"DELETE FROM in_entry WHERE seq >= {from} AND seq < {to}");
        byte[] piece = [(byte)level, .. subtree.Root().ToBytes()];
        session.Use("INSERT INTO in_entry(src, seq, leaf) VALUES(1, ?1, ?2)").Bind(1, from).Bind(2, piece).Execute();
        session.Use("UPDATE follow SET live_count = ?1, buckets = ?2").Bind(1, live.Count).Bind(2, live.Encode()).Execute();
        return hidden;
    }
}
