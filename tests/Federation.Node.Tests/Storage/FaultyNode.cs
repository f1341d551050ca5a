using Federation.Node.Storage;
using Federation.Node.Tests.Infrastructure;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>A real node whose store fails on order. After a fault that ends the process it is started again, as a supervisor would.</summary>
internal sealed class FaultyNode : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    // Whether the ordered fault happened, in this life or an earlier one.
    private bool happened;

    private FaultyNode(TestNode node) => Node = node;

    public TestNode Node { get; }

    /// <summary>Looks at each batch of disclosures before the store does, in this life and later ones.</summary>
    public Func<DisclosureBatch, Task>? BeforeAppend { get; set; }

    /// <summary>The store of the present life.</summary>
    public FaultyNodeStore Store { get; private set; } = null!;

    public static async Task<FaultyNode> StartNewAsync(string institute)
    {
        var faulty = new FaultyNode(await TestNode.StartNewAsync(institute));
        // The directory is made and its ports are chosen: from now on it runs over the store that fails.
        await faulty.Node.StopAsync();
        faulty.Node.Wrap = faulty.Take;
        await faulty.Node.StartAsync();
        return faulty;
    }

    /// <summary>Orders a fault of a writing method at its n-th call from now.</summary>
    public void Order(string method, int call, StoreFault fault)
    {
        happened = false;
        Store.Order(method, call, fault);
    }

    /// <summary>Makes a call until it is answered, over restarts and while the store is full.</summary>
    public async Task<T> CallAsync<T>(Func<TestNode, Task<T>> call)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await call(Node);
            }
            catch (RpcException lost) when (TimeProvider.System.GetElapsedTime(began) < Longest)
            {
                Assert.True(happened || Store.Happened, $"a call failed without a fault: {lost.Status}");
                await ReviveAsync();
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Waits until the ordered fault has happened, and starts the node again if it ended the process.</summary>
    public async Task ComeThroughAsync(string what)
    {
        await Patience.UntilAsync(() => Task.FromResult(happened || Store.Happened), () => $"the fault: {what}");
        await ReviveAsync();
    }

    public ValueTask DisposeAsync() => Node.DisposeAsync();

    private async Task ReviveAsync()
    {
        happened |= Store.Happened;
        if (!Store.Died.IsCompleted)
            return;
        await Node.StopAsync();
        await Node.StartAsync();
    }

    private FaultyNodeStore Take(INodeStore inner) => Store = new FaultyNodeStore(inner) { BeforeAppend = batch => BeforeAppend?.Invoke(batch) ?? Task.CompletedTask };
}
