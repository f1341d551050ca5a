using Federation.Simulation.Infrastructure;

namespace Federation.Simulation.Scenarios.Embargo;

public sealed class EmbargoTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task No_jump_of_the_own_clock_releases_an_embargo_early_and_a_right_clock_releases_it_I11()
    {
        var run = await SimulateAsync("embargo-jumps", "1-24");

        Assert.True(run.ExitCode == 0, run.Errors);
    }

    [Fact]
    public async Task A_process_that_starts_with_a_wrong_clock_releases_no_embargo_early_I11()
    {
        var run = await SimulateAsync("embargo", "1-24");

        Assert.True(run.ExitCode == 0, run.Errors);
    }

    private static Task<ChildRun> SimulateAsync(string scenario, string seeds) =>
        ChildRun.StartAsync(s_limit, TestContext.Current.CancellationToken, "simulate", "--scenario", scenario, "--seeds", seeds);
}
