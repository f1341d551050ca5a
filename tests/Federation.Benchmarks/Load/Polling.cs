namespace Federation.Benchmarks.Load;

/// <summary>Waits for something that is looked at every few milliseconds.</summary>
internal static class Polling
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until the condition holds; an action may sample on the way.</summary>
    public static async Task UntilAsync(Func<bool> condition, CancellationToken cancellationToken, Action? sample = null)
    {
        while (!condition())
        {
            sample?.Invoke();
            await Task.Delay(Every, cancellationToken);
        }
    }
}
