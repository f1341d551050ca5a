using Federation.Simulation.Infrastructure;

namespace Federation.Simulation.Scenarios.Paired;

public sealed class PairedWorldsTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_partner_gets_the_same_bytes_at_the_same_moments_whatever_is_hidden_from_it_I6()
    {
        var runs = await Task.WhenAll(SimulateAsync("paired", "1-100"), SimulateAsync("paired", "101-200"));

        Assert.All(runs, static run => Assert.True(run.ExitCode == 0, run.Errors));
        Assert.Equal(200, runs.Sum(static run => run.Lines.Length));
    }

    [Fact]
    public async Task A_pair_of_worlds_repeats_itself_in_one_process_and_in_another_I26()
    {
        var first = await SimulateAsync("paired", "301-306", "--twice");
        var second = await SimulateAsync("paired", "301-306");

        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.Equal(first.Output, second.Output);
    }

    [Theory]
    [InlineData("paired-leak-edit")]
    [InlineData("paired-leak-cost")]
    [InlineData("paired-leak-cut")]
    [InlineData("paired-leak-error")]
    public async Task A_planted_dependence_on_hidden_things_is_found_within_a_few_seeds_I6(string scenario)
    {
        var run = await SimulateAsync(scenario, "1-40");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(": I6: ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_hidden_value_stands_in_what_a_partner_gets_nor_in_a_log_line_about_it_I5()
    {
        var run = await SimulateAsync("taint-wire", "1001-1060");

        Assert.True(run.ExitCode == 0, run.Errors);
    }

    [Theory]
    [InlineData("taint-leak-bytes", "a hidden id stands in")]
    [InlineData("taint-leak-trailer", "a hidden id in base64 stands in")]
    [InlineData("taint-leak-status", "a hidden id as a UUID stands in")]
    [InlineData("taint-leak-log", "a hidden id in upper-case hex stands in a log line")]
    public async Task A_planted_leak_of_a_hidden_id_is_found_within_a_few_seeds_I5(string scenario, string finding)
    {
        var run = await SimulateAsync(scenario, "1-20");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"I5: {finding}", run.Errors, StringComparison.Ordinal);
    }

    private static Task<ChildRun> SimulateAsync(string scenario, string seeds, params string[] more) =>
        ChildRun.StartAsync(s_limit, TestContext.Current.CancellationToken, ["simulate", "--scenario", scenario, "--seeds", seeds, .. more]);
}
