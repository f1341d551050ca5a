using Federation.Node.Storage;

namespace Federation.Node;

/// <summary>Closes the store after everything that uses it has stopped: registered first, it is stopped last.</summary>
internal sealed class StoreLifetime(INodeStore store) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken) => await store.DisposeAsync();
}
