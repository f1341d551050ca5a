using Federation.Node.Storage;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>
/// One full verification of a store from its rows alone, by code of its own: ledgers are dense, their trees, tiles and live sets are what
/// their entries make, and what a follower holds is what the entries that it applied make. Nothing that the node computed is believed.
/// </summary>
internal static class LedgerCheck
{
    /// <summary>What is wrong, in words; empty if nothing is.</summary>
    /// <param name="store">The store.</param>
    /// <param name="settled">Whether the discloser had come to rest, so that every live entry says what its record says now.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public static async Task<IReadOnlyList<string>> FindAsync(INodeStore store, bool settled, CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        var node = await store.ReadNodeAsync(cancellationToken);
        foreach (var head in node.Ledgers)
            await new OwnLedgerCheck(store, head, settled, findings).RunAsync(cancellationToken);
        foreach (var row in node.Followers.Where(f => f.Incarnation != 0))
            await new FollowedLedgerCheck(store, row, findings).RunAsync(cancellationToken);
        return findings;
    }

    /// <summary>Fails the test with everything that is wrong.</summary>
    public static async Task PassAsync(INodeStore store, bool settled, CancellationToken cancellationToken)
    {
        var findings = await FindAsync(store, settled, cancellationToken);
        Assert.True(findings.Count == 0, string.Join('\n', findings.Take(20)));
    }
}
