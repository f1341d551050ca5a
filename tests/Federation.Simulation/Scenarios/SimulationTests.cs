using Federation.Simulation.Infrastructure;

namespace Federation.Simulation.Scenarios;

public sealed class SimulationTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task An_hour_of_crashes_and_partitions_converges_and_repeats_itself_in_one_process_and_in_another()
    {
        var first = await SimulateAsync("probe", "1-8", "--twice");
        var second = await SimulateAsync("probe", "1-8");

        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.Equal(8, first.Lines.Length);
        Assert.Equal(first.Lines, second.Lines);
        Assert.Equal(8, first.Lines.Select(static line => line.Split(' ')[1]).Distinct().Count());
    }

    [Fact]
    public async Task A_killed_database_keeps_what_was_committed_and_frees_its_lock()
    {
        var first = await SimulateAsync("sqlite", "1-5", "--twice");
        var second = await SimulateAsync("sqlite", "1-5");

        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.Equal(first.Lines, second.Lines);
    }

    [Fact]
    public async Task A_trace_does_not_change_the_run_it_records()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "probe-trace.txt");
        var plain = await SimulateAsync("probe", "9-9");
        var traced = await SimulateAsync("probe", "9-9", "--trace", file);

        Assert.Equal(plain.Output, traced.Output);
        Assert.Contains("crashes", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("taint-random", "the second run differs")]
    [InlineData("taint-system-timer", "created a system timer")]
    [InlineData("taint-thread", "foreign thread")]
    [InlineData("taint-blocking", "blocking call")]
    [InlineData("taint-fault", "the loop gave up")]
    public async Task A_misdeed_is_found_and_its_seed_is_named(string scenario, string finding)
    {
        var run = await SimulateAsync(scenario, "7-7", "--twice");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("FAILED seed 7", run.Errors, StringComparison.Ordinal);
        Assert.Contains(finding, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_by_hash_code_shows_only_in_a_second_process()
    {
        var first = await SimulateAsync("taint-hash-order", "1-3", "--twice");
        var second = await SimulateAsync("taint-hash-order", "1-3", "--twice");

        Assert.Equal(0, first.ExitCode);
        Assert.NotEqual(first.Output, second.Output);
    }

    [Fact]
    public async Task A_wrong_argument_is_explained_with_the_names_of_all_scenarios()
    {
        var run = await SimulateAsync("no-such-scenario", "1-1");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("probe", run.Errors, StringComparison.Ordinal);
    }

    private static Task<ChildRun> SimulateAsync(string scenario, string seeds, params string[] more) =>
        ChildRun.StartAsync(s_limit, TestContext.Current.CancellationToken, ["simulate", "--scenario", scenario, "--seeds", seeds, .. more]);
}
