using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>Several real nodes in this process that exchange over loopback and mutual TLS. Ending it verifies that no node logged an error.</summary>
internal sealed class TestFederation : IAsyncDisposable
{
    private readonly SortedDictionary<string, TestNode> nodes = new(StringComparer.Ordinal);

    private TestFederation()
    {
    }

    public IEnumerable<TestNode> Nodes => nodes.Values;

    public TestNode this[string institute] => nodes[institute];

    /// <summary>A federation to which nodes are added.</summary>
    public static TestFederation Empty() => new();

    /// <summary>Starts nodes that don't know each other.</summary>
    public static async Task<TestFederation> StartAsync(params string[] institutes)
    {
        var federation = new TestFederation();
        var started = await Task.WhenAll(institutes.Select(i => TestNode.StartNewAsync(i)));
        foreach (var node in started)
            federation.nodes.Add(node.Institute, node);
        return federation;
    }

    /// <summary>Starts two nodes, the second of which follows the first under a policy.</summary>
    public static async Task<TestFederation> StartPairAsync(string origin, string follower, string policy)
    {
        var federation = await StartAsync(origin, follower);
        await federation.LetFollowAsync(origin, follower, policy);
        return federation;
    }

    /// <summary>Adds a node that was started elsewhere; it ends with the federation.</summary>
    public TestNode Add(TestNode node)
    {
        nodes.Add(node.Institute, node);
        return node;
    }

    /// <summary>Pins both ways, puts a policy in force at the origin and lets the follower follow.</summary>
    public async Task LetFollowAsync(string origin, string follower, string policy)
    {
        await this[origin].AddPartnerAsync(await this[follower].CardAsync(), share: true);
        await this[origin].ApplyPolicyAsync(follower, policy);
        await this[follower].AddPartnerAsync(await this[origin].CardAsync(), follow: true);
    }

    /// <summary>Publishes a marker that every test policy allows, and waits until the follower has it: whatever was written before has been dealt with.</summary>
    public async Task SettleAsync(string origin, string follower)
    {
        var marker = await this[origin].PublishAsync(Drafts.Practice("marker"));
        await this[follower].WaitForRecordAsync(origin, marker);
        await this[follower].WaitForStateAsync(origin, InboundState.Tailing);
    }

    /// <summary>Fails if a node logged an error that no test expects, or would have ended its process.</summary>
    public void VerifyNoErrors()
    {
        foreach (var node in Nodes)
        {
            Assert.Empty(node.Fatal);
            Assert.True(node.Log.UnexpectedErrors.Count == 0, $"{node.Institute} logged: {string.Join("\n", node.Log.UnexpectedErrors)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            await node.StopAsync();
        try
        {
            VerifyNoErrors();
        }
        finally
        {
            foreach (var node in Nodes)
                await node.DisposeAsync();
        }
    }
}
