using Federation.Node.Storage;

namespace Federation.Node;

/// <summary>Closes the store and the anchor after everything that uses them has stopped: registered first, it is stopped last.</summary>
internal sealed class StoreLifetime(INodeStore store, LedgerAnchor anchor) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await store.DisposeAsync();
        anchor.Dispose();
    }
}
