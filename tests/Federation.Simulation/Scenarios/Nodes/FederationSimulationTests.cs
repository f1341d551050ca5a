using Federation.Simulation.Infrastructure;

namespace Federation.Simulation.Scenarios.Nodes;

public sealed class FederationSimulationTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("1-24")]
    [InlineData("157-163")]
    public async Task Real_nodes_converge_to_the_model_after_crashes_and_partitions_I1_I2_I3_I4_I7_I8_I9_I13_I14_I15_I16_I17(string seeds)
    {
        var run = await SimulateAsync("federation", seeds);

        Assert.True(run.ExitCode == 0, run.Errors);
    }

    [Fact]
    public async Task An_hour_of_real_nodes_repeats_itself_in_one_process_and_in_another_I26()
    {
        var first = await SimulateAsync("federation-hour", "1-1", "--twice");
        var second = await SimulateAsync("federation-hour", "1-1");

        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.Equal(first.Output, second.Output);
    }

    [Fact]
    public async Task What_an_adversary_signs_with_its_own_keys_halts_its_ledger_alone_and_leaves_evidence_I14_I19()
    {
        var run = await SimulateAsync("adversary", "1-24");

        Assert.True(run.ExitCode == 0, run.Errors);
    }

    // In the first of the cursor's seeds the node notices the bug itself, before the check does: the next ones are run too.
    [Theory]
    [InlineData("planted-cursor", "I13", "1-4", "--keep-going")]
    [InlineData("planted-receipt", "I17")]
    [InlineData("planted-answer", "is refused: RECORD_NOT_FOUND")]
    [InlineData("planted-guard", "I4")]
    [InlineData("planted-timers", "I7")]
    public async Task A_planted_bug_is_found_within_a_few_seeds(string scenario, string finding, string seeds = "1-40", params string[] more)
    {
        var run = await SimulateAsync(scenario, seeds, more);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("FAILED seed", run.Errors, StringComparison.Ordinal);
        Assert.Contains(finding, run.Errors, StringComparison.Ordinal);
    }

    private static Task<ChildRun> SimulateAsync(string scenario, string seeds, params string[] more) =>
        ChildRun.StartAsync(s_limit, TestContext.Current.CancellationToken, ["simulate", "--scenario", scenario, "--seeds", seeds, .. more]);
}
