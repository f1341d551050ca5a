using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>An originator and its follower, both over stores that can be looked into and that fail on order.</summary>
internal sealed class FaultyPair : IAsyncDisposable
{
    private const string Marker = "a marker, number";

    private int markers;

    private FaultyPair(FaultyNode origin, FaultyNode follower) => (Origin, Follower) = (origin, follower);

    public FaultyNode Origin { get; }

    public FaultyNode Follower { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts two nodes, uk and jp, the second of which follows the first under a policy.</summary>
    public static async Task<FaultyPair> StartAsync(string policy)
    {
        var pair = new FaultyPair(await FaultyNode.StartNewAsync("uk"), await FaultyNode.StartNewAsync("jp"));
        await pair.Origin.Node.AddPartnerAsync(await pair.Follower.Node.CardAsync(), share: true);
        await pair.Origin.Node.ApplyPolicyAsync("jp", policy);
        await pair.Follower.Node.AddPartnerAsync(await pair.Origin.Node.CardAsync(), follow: true);
        return pair;
    }

    /// <summary>Puts a policy in force, over restarts.</summary>
    public Task ApplyAsync(string policy) => Origin.CallAsync(async node =>
    {
        await node.ApplyPolicyAsync("jp", policy);
        return true;
    });

    /// <summary>Publishes records, several at once, and answers their ids in order.</summary>
    public async Task<IReadOnlyList<string>> PublishAsync(IEnumerable<RecordDraft> drafts)
    {
        var ids = new List<string>();
        foreach (var some in drafts.Chunk(50))
            ids.AddRange(await Task.WhenAll(some.Select(draft => Origin.Node.PublishAsync(draft))));
        return ids;
    }

    /// <summary>Waits until nothing is left to do at either side, and verifies both stores in full.</summary>
    public async Task SettleAsync(string after)
    {
        // A position that is kept says how far changes are dealt with only once an entry follows, and none does while a sweep is under way.
        await Patience.UntilAsync(async () => (await Origin.Store.ReadNodeAsync(Token)).Sweeps.Count == 0, () => $"the end of the sweep after {after}");
        await Origin.CallAsync(node => node.PublishAsync(Drafts.Practice($"{Marker} {markers++}")));
        var stands = "";
        await Patience.UntilAsync(async () => (stands = await UnsettledAsync()).Length == 0, () => $"peace after {after}; {stands}");
        await LedgerCheck.PassAsync(Origin.Store, settled: true, Token);
        await LedgerCheck.PassAsync(Follower.Store, settled: true, Token);
        Assert.Empty(await ReplicaCheck.FindAsync((Origin.Store, 1), (Follower.Store, 1), Token));
    }

    /// <summary>What the follower's readers see: title and number of parts of each record, in order; markers left out.</summary>
    public async Task<IReadOnlyList<string>> SeenAsync() =>
        [.. (await Follower.Node.ListAllAsync()).Values.Where(r => !r.Envelope.Title.StartsWith(Marker, StringComparison.Ordinal))
            .Select(r => $"{r.Envelope.Title}: {r.Parts.Count}").Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        await Origin.DisposeAsync();
        await Follower.DisposeAsync();
    }

    // What is not settled yet; empty if all is.
    private async Task<string> UnsettledAsync()
    {
        var node = await Origin.Store.ReadNodeAsync(Token);
        var head = node.Ledgers.Single();
        var row = (await Follower.Store.ReadNodeAsync(Token)).Followers.Single();
        var pending = await Origin.Store.ReadPendingAsync(node.SequencerPosition, node.LastChangedN, 0, [], Token);
        return row.Size == head.Size && pending.IsEmpty && node.Sweeps.Count == 0
            ? ""
            : $"ledger {head.Size}, follower {row.Size}; {node.Sweeps.Count} sweeps, {pending.Flips.Count} flips, {pending.Recs.Count} pending";
    }
}
