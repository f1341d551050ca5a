using Xunit;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>Waits for what must come, within a bound.</summary>
internal static class Patience
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until the condition holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, Func<string> what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Longest)
                Assert.Fail($"this did not come within {Longest}: {what()}");
            await Task.Delay(Pause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A wait that ends with the test or after the longest time.</summary>
    public static CancellationTokenSource Bounded()
    {
        var bounded = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bounded.CancelAfter(Longest);
        return bounded;
    }
}
