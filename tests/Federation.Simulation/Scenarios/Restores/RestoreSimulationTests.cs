using Federation.Simulation.Infrastructure;

namespace Federation.Simulation.Scenarios.Restores;

public sealed class RestoreSimulationTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    // Beside the first seeds those in which earlier programs failed: a scrub that took a recovered ledger for damaged, a full disk that ended
    // the recoverer.
    [Theory]
    [InlineData("1-30")]
    [InlineData("37-42")]
    [InlineData("74-74")]
    [InlineData("105-105")]
    public async Task Whatever_disks_are_put_back_to_earlier_copies_no_history_forks_and_all_agree_R1_R2_R13_I1_I3_I7_I9_I13_I14_I16(string seeds)
    {
        var run = await SimulateAsync("restores", seeds);

        Assert.True(run.ExitCode == 0, run.Errors);
    }

    [Theory]
    [InlineData("planted-pride", "I3: ")]
    [InlineData("planted-stands", "otherwise than before its origin forgot")]
    public async Task A_planted_lapse_of_memory_is_found_within_a_few_seeds(string scenario, string finding)
    {
        var run = await SimulateAsync(scenario, "1-30", "--keep-going");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(finding, run.Errors, StringComparison.Ordinal);
    }

    private static Task<ChildRun> SimulateAsync(string scenario, string seeds, params string[] more) =>
        ChildRun.StartAsync(s_limit, TestContext.Current.CancellationToken, ["simulate", "--scenario", scenario, "--seeds", seeds, .. more]);
}
