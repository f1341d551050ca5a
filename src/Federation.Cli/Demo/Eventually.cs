namespace Federation.Cli.Demo;

/// <summary>Waits for something to become true, for a bounded time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Asks again and again what is still missing; after <paramref name="patience"/> the last answer ends the demo.</summary>
    public static async Task NothingMissingAsync(
        DemoScreen screen, TimeProvider clock, TimeSpan patience, Func<Task<string?>> findMissing, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        while (await findMissing() is { } missing)
        {
            if (clock.GetElapsedTime(start) > patience)
                throw screen.Failed($"{missing} That did not change within {patience.TotalSeconds:0} seconds.");
            await Task.Delay(Pause, clock, cancellationToken);
        }
    }
}
