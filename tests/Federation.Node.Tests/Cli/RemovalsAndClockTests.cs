using System.Text.Json;
using Federation.Cli;
using Federation.Cli.Output;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Cli;

public sealed class RemovalsAndClockTests : IAsyncLifetime
{
    private ScriptedNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ScriptedNode.StartAsync(new ScriptedOperator());

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task The_clock_is_shown_with_what_partners_clocks_say()
    {
        var run = await ToolRun.Of("clock", "--dir", _node.Location);

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        foreach (var text in (string[])["2026-03-01 12:00:00Z", "Only one partner vouches for it.", "1.5 s behind", "3m ago"])
            Assert.Contains(text, run.Output, StringComparison.Ordinal);
        Assert.False(_node.Operator.ClockConfirmed);
    }

    [Fact]
    public async Task Confirming_the_clock_shows_what_came_of_it()
    {
        var run = await ToolRun.Of("clock", "confirm", "--dir", _node.Location, "--output", "json");

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        Assert.True(_node.Operator.ClockConfirmed);
        using var json = JsonDocument.Parse(run.Output);
        Assert.True(json.RootElement.GetProperty("trusted").GetBoolean());
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(0, "--older-than", "0s")]
    [InlineData(90, "--older-than", "90s")]
    [InlineData(7 * 86_400, "--older-than", "7d")]
    public async Task Overdue_asks_for_removals_of_an_age(int seconds, params string[] options)
    {
        var run = await OverdueAsync(["jp", .. options]);

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        var request = Assert.Single(_node.Operator.Received<ListOverdueRequest>());
        Assert.Equal(("jp", (ulong)seconds), (request.Partner, request.OlderThanSeconds));
        Assert.Contains("A receipt confirms every removal", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overdue_lists_up_to_the_limit_with_the_latest_receipt()
    {
        _node.Operator.Overdue.AddRange(Enumerable.Range(0, 150).Select(i =>
            new OverdueRemoval { Partner = "sg", Operation = DisclosureOperation.Erase, RecordId = $"record-{i}.", Seq = (ulong)i }));

        var table = await OverdueAsync();
        var all = await OverdueAsync("--limit", "0", "--output", "json");

        Assert.Contains("record-99.", table.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("record-100.", table.Output, StringComparison.Ordinal);
        Assert.Contains("There are more; --limit 0 lists all.", table.Output, StringComparison.Ordinal);
        Assert.Contains(table.Output.Split('\n'), line => line.Contains("erase", StringComparison.Ordinal) && line.Contains("none", StringComparison.Ordinal));
        using var json = JsonDocument.Parse(all.Output);
        Assert.Equal(150, json.RootElement.GetProperty("removals").GetArrayLength());
    }

    [Theory]
    [InlineData("--older-than", "soon")]
    [InlineData("--older-than", "1")]
    [InlineData("--older-than", "-1h")]
    [InlineData("--older-than", "99999999999999999999d")]
    [InlineData("--limit", "-1")]
    public async Task An_age_that_is_not_understood_is_wrong_usage(params string[] options)
    {
        var run = await OverdueAsync(options);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Empty(_node.Operator.Received<ListOverdueRequest>());
    }

    [Fact]
    public async Task Overdue_of_a_partner_that_is_not_known_is_refused()
    {
        var run = await OverdueAsync("xx");

        Assert.Equal((ExitCode.Refused, ""), (run.ExitCode, run.Output));
        Assert.Contains("PARTNER_NOT_FOUND", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_of_a_partner_counts_what_no_receipt_confirms()
    {
        var run = await ToolRun.Of("partner", "status", "jp", "--dir", _node.Location);

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Contains("12 not confirmed by a receipt", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1s", 1)]
    [InlineData("30m", 1800)]
    [InlineData("36500d", 36_500L * 86_400)]
    public void A_length_of_time_is_a_number_and_its_unit(string text, long seconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("1.5h")]
    [InlineData("1w")]
    [InlineData("36501d")]
    [InlineData(" 1h")]
    public void Anything_else_is_no_length_of_time(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(119_999, "119s")]
    [InlineData(120_000, "2m")]
    [InlineData(7_200_000, "2h")]
    [InlineData(172_800_000, "2d")]
    [InlineData(-5_000, "-5s")]
    [InlineData(long.MaxValue, "9223372036854775807 ms")]
    public void An_age_is_written_in_its_largest_unit(long milliseconds, string text) => Assert.Equal(text, DurationText.OfMilliseconds(milliseconds));

    private Task<ToolRun> OverdueAsync(params string[] words) => ToolRun.Of(["partner", "overdue", .. words, "--dir", _node.Location]);
}
