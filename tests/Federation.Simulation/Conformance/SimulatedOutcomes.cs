using Federation.Simulation.Infrastructure;

namespace Federation.Simulation.Conformance;

/// <summary>The simulated half of the comparison, made once by a child process over several seeds.</summary>
public sealed class SimulatedOutcomes : IAsyncLifetime
{
    private ILookup<string, string> _outcomes = Array.Empty<string>().ToLookup(static line => line);

    public string Of(string name) => string.Join("\n", _outcomes[name]);

    public async ValueTask InitializeAsync()
    {
        var run = await ChildRun.StartAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken, "conformance", "20");
        Assert.True(run.ExitCode == 0, run.Errors);
        _outcomes = run.Lines.Select(static line => line.Split(' ', 2)).ToLookup(static pair => pair[0], static pair => pair[1]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
