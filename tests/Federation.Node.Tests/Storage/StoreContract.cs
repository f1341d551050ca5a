using Federation.Node.Storage;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>A part of what <see cref="INodeStore"/> promises, run on every driver: each test has a store of its own.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    private protected StoreContract(StoreDriver driver) => House = new StoreHouse(driver);

    private protected StoreHouse House { get; }

    private protected INodeStore Store => House.Store;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await House.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
