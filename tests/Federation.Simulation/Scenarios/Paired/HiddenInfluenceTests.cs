using Federation.Simulation.Infrastructure;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>Pairs of worlds in which hidden things press where their influence is hardest to exclude.</summary>
public sealed class HiddenInfluenceTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    [Fact]
    public Task Hidden_writes_between_two_milliseconds_do_not_move_the_ticks_of_a_partner_I6() => PassesAsync("paired-fine", "1-10");

    [Fact]
    public Task An_embargo_that_ends_at_a_tick_is_released_at_the_same_tick_whatever_else_is_awake_I6() => PassesAsync("paired-second", "1-40");

    [Fact]
    public Task A_stream_reaches_its_age_at_the_same_moment_whatever_is_hidden_I6() => PassesAsync("paired-long", "1-10");

    [Fact]
    public Task Hidden_edits_while_entries_are_due_change_neither_their_order_nor_the_cut_of_batches_I6() => PassesAsync("paired-aimed", "20-60");

    [Fact]
    public Task A_sweep_in_several_chunks_appends_in_the_same_order_whatever_is_hidden_I6() => PassesAsync("paired-many", "1-4");

    [Fact]
    public Task Saying_the_same_policy_in_other_words_is_not_noticed_by_its_partner_I6() => PassesAsync("paired-spelling", "1-40");

    private static async Task PassesAsync(string scenario, string seeds)
    {
        var run = await ChildRun.StartAsync(s_limit, TestContext.Current.CancellationToken, "simulate", "--scenario", scenario, "--seeds", seeds);

        Assert.True(run.ExitCode == 0, run.Errors);
    }
}
