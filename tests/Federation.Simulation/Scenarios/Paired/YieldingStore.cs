using Federation.Node.Storage;
using Federation.Simulation.Scenarios.Nodes;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>Suspends before and after each call, so that anything else of the same moment may come in between; no time passes.</summary>
internal sealed class YieldingStore(INodeStore inner) : StoreDecorator(inner)
{
    protected override Task<T> ReadAsync<T>(Func<Task<T>> call) => BetweenAsync(call);

    protected override Task<T> WriteAsync<T>(Func<Task<T>> call) => BetweenAsync(call);

    private static async Task<T> BetweenAsync<T>(Func<Task<T>> call)
    {
        await Task.Yield();
        var result = await call();
        await Task.Yield();
        return result;
    }
}
