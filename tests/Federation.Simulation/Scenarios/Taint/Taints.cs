using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios.Taint;

/// <summary>The misdeeds, each of a kind that production code is barred from.</summary>
internal static class Taints
{
    public static async Task ProcessRandomness(NodeLife life)
    {
        for (var round = 0; round < 20; round++)
            await Task.Delay(TimeSpan.FromMilliseconds(1 + Random.Shared.Next(100)), life.Time);
    }

    public static async Task StringHash(NodeLife life)
    {
        for (var round = 0; round < 20; round++)
            await Task.Delay(TimeSpan.FromMilliseconds(1 + ($"key {round}".GetHashCode(StringComparison.Ordinal) & 0xFF)), life.Time);
    }

    public static async Task SystemTimer(NodeLife life)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), life.Time);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
    }

    // The thread is waited for in real time: a run in virtual time can be over before a busy machine lets the thread act.
    public static Task ForeignThread(NodeLife life)
    {
        var thread = new Thread(() => life.World.Enqueue(Item.Of(life, ItemKind.Post, static () => { })));
        thread.UnsafeStart();
        thread.Join();
        return Task.CompletedTask;
    }

    public static Task BlockingWait(NodeLife life)
    {
        using var never = new ManualResetEventSlim();
        never.Wait();
        return Task.CompletedTask;
    }

    public static async Task FaultedLoop(NodeLife life)
    {
        life.Watch("loop", LoopAsync(life));
        await Task.Delay(TimeSpan.FromSeconds(5), life.Time);

        static async Task LoopAsync(NodeLife life)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), life.Time);
            throw new InvalidOperationException("the loop gave up");
        }
    }
}
