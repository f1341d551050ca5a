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

    public static async Task ForeignThread(NodeLife life)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => life.World.Enqueue(Item.Of(life, ItemKind.Post, gate.SetResult)));
        thread.UnsafeStart();
        while (thread.IsAlive)
            await Task.Delay(TimeSpan.FromMilliseconds(1), life.Time);
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
