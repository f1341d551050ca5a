using System.Diagnostics;

namespace Federation.Simulation.Infrastructure;

/// <summary>This program started again as a process of its own, which alone may take its thread pool captive.</summary>
internal sealed record ChildRun(int ExitCode, string Output, string Errors)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs to the end, or kills the process when the limit is reached.</summary>
    public static async Task<ChildRun> StartAsync(TimeSpan limit, CancellationToken cancellationToken, params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Federation.Simulation" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        using var child = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{program} did not start.");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(limit);
        var output = child.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = child.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await child.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            child.Kill(entireProcessTree: true);
            await child.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"Killed after {limit}: {string.Join(' ', arguments)}\n{await errors}");
        }

        return new ChildRun(child.ExitCode, await output, await errors);
    }
}
