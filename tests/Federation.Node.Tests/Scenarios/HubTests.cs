using System.Collections.Concurrent;
using Federation.Node.Storage;
using Federation.Node.Tests.Infrastructure;
using Federation.Node.Tests.Storage;
using Federation.V1.Node;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Scenarios;

/// <summary>A record with very many referrers that comes into sight of a partner and goes out of it, and a sweep over them all.</summary>
public sealed class HubTests : IAsyncDisposable
{
    private const int Many = 10_000;
    private const int Some = 2500;
    private const int MostAtOnce = 2000;
    private const string Append = nameof(INodeStore.AppendDisclosuresAsync);

    private const string FlawsOnly = """
        version: 1
        ceiling: CLEAR
        rules:
          - name: flaws
            allow:
              kinds: [flaw]
        """;

    private readonly ConcurrentQueue<DisclosureBatch> batches = new();
    private FaultyPair pair = null!;
    private string hub = "";
    private int referrers;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => pair.DisposeAsync();

    [Fact]
    public async Task A_hub_comes_into_sight_and_goes_out_of_it_with_each_of_10_000_references_in_chunks()
    {
        await StartAsync(Many);
        await MarkAsync(1, Marking.Green);
        await AssertShownAsync(true);
        AssertChunks();

        batches.Clear();
        await MarkAsync(2, Marking.Amber);
        await AssertShownAsync(false);
        AssertChunks();
    }

    [Theory]
    [InlineData(nameof(StoreFault.DiedBefore))]
    [InlineData(nameof(StoreFault.FailedButPersisted))]
    [InlineData(nameof(StoreFault.FailedAndNotPersisted))]
    public async Task A_hub_that_is_disturbed_between_chunks_goes_on_and_repeats_nothing(string fault)
    {
        await StartAsync(Some);
        // Two thousand referrers, and then the fault.
        pair.Origin.Order(Append, 2, Enum.Parse<StoreFault>(fault));
        await MarkAsync(1, Marking.Green);
        await pair.Origin.ComeThroughAsync($"{fault} between chunks");
        await AssertShownAsync(true);
        AssertChunks();
    }

    [Fact]
    public async Task A_sweep_of_several_chunks_that_is_cut_between_them_goes_on_and_repeats_nothing()
    {
        await StartAsync(Some);
        // More than one chunk of what the partner holds is withdrawn: the second chunk meets the end of the process.
        pair.Origin.Order(Append, 2, StoreFault.DiedBefore);
        await pair.ApplyAsync(FlawsOnly);
        await pair.Origin.ComeThroughAsync("the end of the process between chunks");
        await Patience.UntilAsync(async () => (await pair.Origin.Store.ReadNodeAsync(Token)).Sweeps.Count == 0, () => "the end of the sweep");

        var ledger = await pair.Origin.Node.OutboundAsync("jp");
        Assert.Equal(0UL, ledger.LiveRecords);
        // Each referrer and the marker were disclosed and withdrawn once.
        Assert.Equal(2UL * (Some + 1), ledger.Appended);
        Assert.Equal(2, batches.Count(b => b.Sweep is not null && b.Appends.Count > 0));
        await LedgerCheck.PassAsync(pair.Origin.Store, settled: true, Token);
        await pair.Follower.Node.WaitForInboundAsync("uk", l => l.LiveRecords == 0);
    }

    private async Task StartAsync(int count)
    {
        referrers = count;
        pair = await FaultyPair.StartAsync(TestPolicies.Green);
        hub = await pair.Origin.Node.PublishAsync(Drafts.Flaw("the hub", marking: Marking.Amber));
        await pair.PublishAsync(Enumerable.Range(0, count).Select(i => Drafts.Practice($"referrer {i}").Linking("uk", hub)));
        await pair.SettleAsync("publication");
        Assert.Equal(referrers, (await PartsOfReferrersAsync())[1]);
        pair.Origin.BeforeAppend = batch =>
        {
            batches.Enqueue(batch);
            return Task.CompletedTask;
        };
    }

    private async Task MarkAsync(uint revision, Marking marking)
    {
        var draft = Drafts.Flaw("the hub", marking: marking);
        var request = new ReviseRecordRequest { RecordId = hub, ExpectedRevision = revision, Record = draft, IdempotencyKey = $"mark {revision}" };
        await pair.Origin.CallAsync(async node => (await node.Records.ReviseRecordAsync(request)).Result.Revision);
    }

    private async Task AssertShownAsync(bool shown)
    {
        await pair.SettleAsync(shown ? "coming into sight" : "going out of sight");
        Assert.Equal(shown, await pair.Follower.Node.FindAsync("uk", hub) is not null);
        Assert.Equal(referrers, (await PartsOfReferrersAsync())[shown ? 2 : 1]);
    }

    // The hub, every referrer and what is published to see the end, each once; none of the chunks too large.
    private void AssertChunks()
    {
        var chunks = batches.Select(b => b.Appends.Sum(a => a.Entries.Count)).ToList();
        Assert.All(chunks, count => Assert.InRange(count, 0, MostAtOnce));
        Assert.Equal(referrers + 2, chunks.Sum());
        Assert.True(chunks.Count >= referrers / MostAtOnce, $"{chunks.Count} chunks");
    }

    // How many referrers the partner sees, by their number of parts.
    private async Task<int[]> PartsOfReferrersAsync()
    {
        var counts = new int[3];
        foreach (var record in (await pair.Follower.Node.ListAllAsync()).Values)
        {
            if (record.Envelope.Title.StartsWith("referrer", StringComparison.Ordinal))
                counts[record.Parts.Count]++;
        }

        return counts;
    }
}
