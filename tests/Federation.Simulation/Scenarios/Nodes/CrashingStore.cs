using Federation.Node.Storage;
using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>
/// Suspends before and after each call, sometimes for longer, so that everything else can happen in between; and kills the node just
/// before a write, or after its commit and before anybody has heard of it. Now and then the disk is full.
/// </summary>
internal sealed class CrashingStore(INodeStore inner, NodeLife life, StoreWeather weather) : StoreDecorator(inner)
{
    protected override async Task<T> ReadAsync<T>(Func<Task<T>> call)
    {
        await PauseAsync();
        var result = await call();
        await PauseAsync();
        return result;
    }

    protected override async Task<T> WriteAsync<T>(Func<Task<T>> call)
    {
        await PauseAsync();
        await MayDieAsync(weather.CrashBeforeWrite);
        if (weather.Faulty && life.Rng.Chance(weather.Full))
            throw new StoreFullException();
        var result = await call();
        await MayDieAsync(weather.CrashAfterCommit);
        await PauseAsync();
        return result;
    }

    private async Task PauseAsync()
    {
        if (life.Rng.Chance(weather.SlowChance))
            await Task.Delay(life.Rng.Between(TimeSpan.FromMilliseconds(1), weather.SlowMax), life.Time);
        else
            await Task.Yield();
    }

    /// <summary>The crash follows the present item, and nothing of the call goes on.</summary>
    private async Task MayDieAsync(double chance)
    {
        if (!weather.Faulty || !life.Rng.Chance(chance))
            return;
        weather.Deaths++;
        life.Node.ItemsToCrash = 1;
        await new TaskCompletionSource().Task;
    }
}
