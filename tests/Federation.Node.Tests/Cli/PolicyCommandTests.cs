using System.Text.Json;
using Federation.Cli;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Cli;

public sealed class PolicyCommandTests : IAsyncLifetime
{
    private readonly TestDirectory _files = new();
    private ScriptedNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ScriptedNode.StartAsync(new ScriptedOperator { Changes = 5 });

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task Diff_says_the_counts_first_then_records_and_parts_and_that_nothing_was_done()
    {
        var run = await PolicyAsync("diff", "jp", File("narrow"));

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        AssertInOrder(
            run.Output,
            "withdrawn", "of own records", "jp", "4", "1", "40", "yes",
            "Changes for jp:",
            "withdrawn", "record-0", "incident", "no rule allows it; the ledger was behind already",
            "· withdrawn", "· part 000000000000002a", "incident_cause", "its type is withheld", "incidents",
            "revised", "record-4",
            "Nothing was written, nothing was sent.");
        Assert.Equal(("jp", "policy.yaml"), _node.Operator.Received<PreviewPolicyRequest>().Select(request => (request.Partner, request.FileName)).Single());
        Assert.Empty(_node.Operator.Received<ApplyPolicyRequest>());
    }

    [Fact]
    public async Task Diff_lists_up_to_its_limit_and_says_how_many_are_left()
    {
        var two = await PolicyAsync("diff", "jp", File("narrow"), "--limit", "2");
        var all = await PolicyAsync("diff", "jp", File("narrow"), "--limit", "0");

        Assert.Contains("record-1", two.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("record-2", two.Output, StringComparison.Ordinal);
        Assert.Contains("3 more for jp; --limit 0 lists all.", two.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("more for", all.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jp,sg")]
    [InlineData("jp", "sg")]
    [InlineData("jp", "sg,jp")]
    public async Task Diff_of_several_partners_counts_each(params string[] partners)
    {
        var run = await PolicyAsync(["diff", .. partners, File("narrow")]);

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        Assert.Equal(["jp", "sg"], _node.Operator.Received<PreviewPolicyRequest>().Select(request => request.Partner));
        AssertInOrder(run.Output, "│ jp", "│ sg", "Changes for jp:", "Changes for sg:");
    }

    [Fact]
    public async Task Diff_for_programs_is_a_line_a_page_with_its_partner()
    {
        await using var node = await ScriptedNode.StartAsync(new ScriptedOperator { Changes = 2500 });

        var run = await ToolRun.Of("policy", "diff", "jp", "sg", File("narrow"), "--limit", "0", "--dir", node.Location, "--output", "json");

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        var pages = run.Output.TrimEnd().Split(Environment.NewLine).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["jp", "jp", "jp", "sg", "sg", "sg"], pages.Select(page => page.GetProperty("partner").GetString()));
        Assert.Equal([1000, 1000, 500, 1000, 1000, 500], pages.Select(page => page.GetProperty("changes").GetArrayLength()));
        Assert.Equal([true, false, false, true, false, false], pages.Select(page => page.TryGetProperty("counts", out _)));
    }

    [Fact]
    public async Task A_large_change_is_refused_where_nobody_can_be_asked()
    {
        var file = File("large");

        var run = await PolicyAsync("apply", "jp", file);

        Assert.Equal((ExitCode.Refused, ""), (run.ExitCode, run.Output));
        Assert.Contains("CONFIRMATION_REQUIRED", run.Error, StringComparison.Ordinal);
        Assert.Contains($"'federation policy diff jp {file}'", run.Error, StringComparison.Ordinal);
        Assert.Contains("--yes", run.Error, StringComparison.Ordinal);
        Assert.False(Assert.Single(_node.Operator.Received<ApplyPolicyRequest>()).Confirmed);
    }

    [Theory]
    [InlineData("y\r", ExitCode.Ok)]
    [InlineData("n\r", ExitCode.Refused)]
    [InlineData("\r", ExitCode.Refused)]
    public async Task A_person_is_shown_the_counts_of_a_large_change_and_asked(string keys, int exitCode)
    {
        var run = await ToolRun.AtTerminal(keys, "policy", "apply", "jp", File("large"), "--dir", _node.Location);

        Assert.Equal(exitCode, run.ExitCode);
        AssertInOrder(run.Output, "withdrawn", "40", "Do it?");
        var confirmed = _node.Operator.Received<ApplyPolicyRequest>().Select(request => request.Confirmed);
        Assert.Equal(exitCode == ExitCode.Ok ? [false, true] : [false], confirmed);
        if (exitCode == ExitCode.Ok)
            AssertInOrder(run.Output, "Do it?", "epoch", "7");
        else
            Assert.Contains("Nothing was changed. (NOT_CONFIRMED)", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("large", "--yes")]
    [InlineData("small")]
    public async Task A_change_that_is_small_or_confirmed_is_made_at_once(string text, params string[] options)
    {
        var run = await ToolRun.AtTerminal("", ["policy", "apply", "jp", File(text), "--dir", _node.Location, .. options]);

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        Assert.Equal(options.Length > 0, Assert.Single(_node.Operator.Received<ApplyPolicyRequest>()).Confirmed);
        Assert.Empty(_node.Operator.Received<PreviewPolicyRequest>());
    }

    [Fact]
    public async Task Programs_are_never_asked()
    {
        var run = await ToolRun.AtTerminal("y\r", "policy", "apply", "jp", File("large"), "--dir", _node.Location, "--output", "json");

        Assert.Equal((ExitCode.Refused, ""), (run.ExitCode, run.Output));
        using var json = JsonDocument.Parse(run.Error);
        Assert.Equal("CONFIRMATION_REQUIRED", json.RootElement.GetProperty("error").GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("check")]
    [InlineData("diff", "jp")]
    [InlineData("apply", "jp")]
    public async Task A_policy_that_does_not_compile_is_refused_with_file_line_and_column(params string[] words)
    {
        var run = await PolicyAsync([.. words, File("wrong")]);

        Assert.Equal((ExitCode.Refused, ""), (run.ExitCode, run.Output));
        Assert.Contains("policy.yaml:4:7: Unknown kind 'incidents'.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("diff")]
    [InlineData("apply")]
    public async Task A_partner_that_is_not_known_is_refused(string command)
    {
        var run = await PolicyAsync(command, "xx", File("small"));

        Assert.Equal(ExitCode.Refused, run.ExitCode);
        Assert.Contains("There is no partner xx. (PARTNER_NOT_FOUND)", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("view-as", "xx")]
    [InlineData("history", "xx")]
    [InlineData("history", "xx", "--entry", "1")]
    [InlineData("history", "xx", "--record", ScriptedOperator.Record)]
    [InlineData("show", "xx")]
    [InlineData("explain", ScriptedOperator.Record, "xx")]
    public async Task Nothing_is_said_of_a_partner_that_is_not_known(params string[] words)
    {
        var run = await PolicyAsync(words);

        Assert.Equal((ExitCode.Refused, ""), (run.ExitCode, run.Output));
        Assert.Contains("PARTNER_NOT_FOUND", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_missing_too_large_or_no_text_is_wrong_usage_and_never_sent()
    {
        var large = File(new string('#', (64 * 1024) + 1));
        var notText = _files.Inside("latin.yaml");
        await System.IO.File.WriteAllBytesAsync(notText, [0x23, 0xe9, 0x0a], TestContext.Current.CancellationToken);
        foreach (var file in (string[])[_files.Inside("missing.yaml"), large, notText])
        {
            foreach (var words in (string[][])[["check"], ["diff", "jp"], ["apply", "jp"], ["view-as", "jp", "--policy"]])
            {
                var run = await PolicyAsync([.. words, file]);

                Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Output));
                Assert.Contains(file, run.Error, StringComparison.Ordinal);
            }
        }
        Assert.Empty(_node.Operator.Received<Google.Protobuf.IMessage>());
    }

    [Theory]
    [InlineData("diff", "jp")]
    [InlineData("diff", ",", "policy.yaml")]
    [InlineData("diff", "jp", "policy.yaml", "--limit", "-1")]
    [InlineData("history", "jp", "--entry", "first")]
    [InlineData("history", "jp", "--entry", "1", "--record", ScriptedOperator.Record)]
    [InlineData("show", "jp", "--epoch", "-1")]
    public async Task A_command_line_that_is_not_whole_is_wrong_usage(params string[] words)
    {
        var run = await PolicyAsync(words);

        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Output.Split("Usage:")[0].Split("Description:")[0].Trim()));
        Assert.NotEmpty(run.Error);
    }

    [Fact]
    public async Task Check_prints_the_class()
    {
        var run = await PolicyAsync("check", File("small"));

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Contains("abcd", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_says_when_time_changes_the_answer_and_part_by_part_why()
    {
        var run = await PolicyAsync("explain", ScriptedOperator.Record, "jp");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        AssertInOrder(run.Output, "research", "2026-03-01 12:00:00Z", "incident_cause", "its type is withheld", "incidents");
    }

    private static void AssertInOrder(string text, params string[] pieces)
    {
        var from = 0;
        foreach (var piece in pieces)
        {
            var at = text.IndexOf(piece, from, StringComparison.Ordinal);
            Assert.True(at >= 0, $"'{piece}' is not where it should be in:\n{text}");
            from = at + piece.Length;
        }
    }

    private string File(string text) => _files.Write("policy.yaml", $"version: 1 # {text}\n");

    private Task<ToolRun> PolicyAsync(params string[] words) => ToolRun.Of(["policy", .. words, "--dir", _node.Location]);
}
