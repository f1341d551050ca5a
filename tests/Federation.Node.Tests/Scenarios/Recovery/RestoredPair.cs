using Federation.Cli;
using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;
using Federation.Node.Tests.Cli;
using Federation.Node.Tests.Infrastructure;
using Federation.Node.Tests.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Recovery;

/// <summary>
/// An originator, uk, and its follower, sg, that are put back to older images of their databases. Every head that uk is about to sign, in
/// any life, is kept and compared in the end.
/// </summary>
internal sealed class RestoredPair : IAsyncDisposable
{
    private const int Halted = 3012;

    private readonly List<AnchoredHead> heads = [];
    private int markers;

    private RestoredPair(TestFederation federation) => Federation = federation;

    public TestFederation Federation { get; }

    public TestNode Origin => Federation["uk"];

    public TestNode Follower => Federation["sg"];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public static async Task<RestoredPair> StartAsync(string? policy = null)
    {
        var pair = new RestoredPair(await TestFederation.StartAsync("uk", "sg"));
        await pair.Origin.StopAsync();
        pair.Origin.WrapAnchor = anchor => new RecordingAnchor(anchor, pair.heads);
        await pair.Origin.StartAsync();
        await pair.Federation.LetFollowAsync("uk", "sg", policy ?? TestPolicies.Everything);
        return pair;
    }

    /// <summary>Keeps an image of a running node's database: it stops, is copied, and starts again.</summary>
    public static async Task SaveAsync(TestNode node, string name = "old")
    {
        await node.StopAsync();
        node.SaveDatabase(name);
        await node.StartAsync();
    }

    /// <summary>Puts a node back to an image, as an operator who restores a backup does.</summary>
    public static async Task RestoreAsync(TestNode node, bool loseAnchor, string name = "old")
    {
        await node.StopAsync();
        node.RestoreDatabase(name);
        if (loseAnchor)
            node.LoseAnchor();
        await node.StartAsync();
    }

    /// <summary>Publishes a marker and waits until it has arrived and is receipted: everything before has been dealt with.</summary>
    public async Task SettleAsync()
    {
        var marker = await Origin.PublishAsync(Drafts.Practice($"marker {markers++}"));
        await Follower.WaitForRecordAsync("uk", marker);
        var size = (await Origin.WaitForOutboundAsync("sg", l => l is { State: OutboundState.Active, Sweeping: false })).Appended;
        await Follower.WaitForInboundAsync("uk", l => l.State == InboundState.Tailing && l.Applied >= size);
    }

    /// <summary>Begins the ledger anew under the root's signature, lets the follower's operator accept that, and waits until it is settled.</summary>
    public async Task BeginAnewAsync()
    {
        Assert.Equal(ExitCode.Ok, (await ResetAsync()).ExitCode);
        await AcceptAsync();
    }

    /// <summary>Lets the follower's operator accept that the ledger began anew, and waits until it is settled.</summary>
    public async Task AcceptAsync()
    {
        Follower.Log.Expect(Halted);
        await Follower.WaitForStateAsync("uk", InboundState.Halted);
        Assert.Equal(ExitCode.Ok, (await ToolRun.Of("--dir", Follower.Location, "partner", "accept-reset", "uk", "--yes")).ExitCode);
        await Follower.WaitForInboundAsync("uk", l => l is { State: InboundState.Tailing, Incarnation: 2 });
        await SettleAsync();
    }

    /// <summary>Begins the ledger anew under the root's signature; its follower goes on when its operator accepts.</summary>
    public Task<ToolRun> ResetAsync(params string[] more)
    {
        string[] reset = ["ledger", "reset", "sg", "--reason", "the copies do not fit", "--root-key", Path.Combine(Origin.Location, "keys", "root.key"), "--yes"];
        return ToolRun.Of(["--dir", Origin.Location, .. reset, .. more]);
    }

    /// <summary>The leaves and hashes that the follower holds, in order.</summary>
    public IReadOnlyList<string> Held()
    {
        using var database = Follower.OpenDatabase();
        using var rows = database.Use("SELECT leaf FROM in_entry ORDER BY src, seq");
        var held = new List<string>();
        while (rows.Step())
            held.Add(Convert.ToHexString(rows.Span(0)));
        return held;
    }

    /// <summary>
    /// Verifies what both hold, and I3: every head that was ever about to be signed is a prefix of the ledger as it is now, so that no
    /// two of them are inconsistent.
    /// </summary>
    public async Task VerifyAsync()
    {
        await Origin.StopAsync();
        await Follower.StopAsync();
        await using var origin = Open(Origin);
        await using var follower = Open(Follower);
        await LedgerCheck.PassAsync(follower, settled: true, Now);
        var head = await CheckHeadsAsync(origin);
        Assert.NotEmpty(heads);
        var row = (await follower.ReadNodeAsync(Now)).Followers.Single();
        Assert.Equal(head.Size, row.Size);
        Assert.Equal(head.Range, row.Range);
        Assert.Equal((head.LiveCount, Convert.ToHexString(head.Buckets)), (row.LiveCount, Convert.ToHexString(row.Buckets)));
        await Origin.StartAsync();
        await Follower.StartAsync();
    }

    /// <summary>Compares every head that was ever about to be signed with the ledger of the stopped originator.</summary>
    public async Task CheckHeadsAsync()
    {
        await using var origin = Open(Origin);
        await CheckHeadsAsync(origin);
    }

    public ValueTask DisposeAsync() => Federation.DisposeAsync();

    // What lies within entries that came back as one hash was compared before they were lost.
    private async Task<LedgerHead> CheckHeadsAsync(SqliteNodeStore origin)
    {
        var head = (await origin.ReadNodeAsync(Now)).Ledgers.Single();
        var roots = await RootsAsync(origin, head);
        foreach (var signed in heads)
        {
            Assert.Equal((head.Ledger, head.Incarnation), (signed.Ledger, signed.Incarnation));
            Assert.True(signed.Size <= head.Size || head.RecoverTo > 0, $"I2: a head of {signed.Size} entries was signed, and the ledger has {head.Size}");
            if (roots.TryGetValue(signed.Size, out var root) && head.RecoverTo == 0)
                Assert.True(root == signed.Root, $"I3: the head of size {signed.Size} is no prefix of the ledger of {head.Size}");
        }

        Assert.All(heads.GroupBy(signed => signed.Size), size => Assert.Single(size.Select(signed => signed.Root).Distinct()));
        return head;
    }

    private static SqliteNodeStore Open(TestNode node) => SqliteNodeStore.Open(node.DatabasePath, "reading", failure => Assert.Fail($"{failure}"));

    // The root at each size, from the rows alone: entries are dense, and the vrev of each record grows (I1, I9).
    private static async Task<Dictionary<ulong, Digest>> RootsAsync(SqliteNodeStore store, LedgerHead head)
    {
        var range = new CompactRange();
        var roots = new Dictionary<ulong, Digest> { [0] = range.Root() };
        var vrevs = new Dictionary<long, LedgerEntry>();
        foreach (var name in await OwnLedgerCheck.ReadEntriesAsync(store, head.Partner, Now))
        {
            var entry = name.Entry;
            Assert.Equal(range.Size, entry.Seq);
            if (entry.Operation == 0)
                range.AppendSubtree((int)entry.Vrev, entry.StatementHash);
            else
                range.Append(OwnLedgerCheck.LeafHash(head.Ledger, name));
            roots[range.Size] = range.Root();
            if (entry.Operation == 0)
                continue;
            var known = vrevs.TryGetValue(entry.Rec, out var before);
            Assert.True(!known || entry.Vrev > before.Vrev, $"I9: record {name.Name.Id} goes from vrev {before.Vrev} to {entry.Vrev}");
            if (entry.Operation == (byte)LedgerOperation.Withdraw && known)
                Assert.Equal((byte)LedgerOperation.Disclose, before.Operation);
            vrevs[entry.Rec] = entry;
        }

        Assert.Equal(head.Size, range.Size);
        Assert.Equal(head.Range, range.Encode());
        return roots;
    }
}
