using System.Text.Json;
using Federation.Cli;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Cli;

public sealed class PolicyHistoryTests : IDisposable
{
    private readonly TestDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task History_lists_every_policy_newest_first()
    {
        var run = await RunAsync(new ScriptedOperator { Policies = 45 }, "history", "jp", "--output", "json");

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        using var json = JsonDocument.Parse(run.Output);
        var epochs = json.RootElement.GetProperty("policies").EnumerateArray().Select(policy => policy.GetProperty("epoch").GetString());
        Assert.Equal(Enumerable.Range(1, 45).Reverse().Select(epoch => $"{epoch}"), epochs);
    }

    [Fact]
    public async Task History_of_a_record_shows_its_entries_with_what_decided_each()
    {
        var run = await RunAsync(new ScriptedOperator(), "history", "jp", "--record", ScriptedOperator.Record);

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        var lines = run.Output.Split('\n');
        Assert.Contains(lines, line => Has(line, "4", "disclose", "epoch 2", "no-biology", "a rule denies it", "2026-03-01 12:00:00Z", "yes"));
        Assert.Contains(lines, line => Has(line, "9", "withdraw", "epoch 2"));
    }

    [Fact]
    public async Task History_of_a_record_or_entry_that_is_not_there_is_refused()
    {
        var record = await RunAsync(new ScriptedOperator(), "history", "jp", "--record", "none");
        var entry = await RunAsync(new ScriptedOperator(), "history", "jp", "--entry", "10");

        Assert.Equal((ExitCode.Refused, ExitCode.Refused), (record.ExitCode, entry.ExitCode));
        Assert.Contains("RECORD_NOT_FOUND", record.Error, StringComparison.Ordinal);
        Assert.Contains("ENTRY_NOT_FOUND", entry.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_that_comes_out_the_same_is_confirmed_part_by_part()
    {
        var run = await RunAsync(new ScriptedOperator(), "history", "jp", "--entry", "4");

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        Assert.Contains(run.Output.Split('\n'), line => Has(line, "confirmed", "yes"));
        Assert.Contains(run.Output.Split('\n'), line => Has(line, "incident_cause", "its type is withheld", "incidents"));
    }

    [Theory]
    [InlineData(true, "table")]
    [InlineData(true, "json")]
    [InlineData(false, "table")]
    [InlineData(false, "json")]
    public async Task A_decision_that_does_not_confirm_ends_with_4_and_is_shown(bool replayed, string output)
    {
        var node = new ScriptedOperator { Replay = (replayed, false, "It came out otherwise.") };

        var run = await RunAsync(node, "history", "jp", "--entry", "4", "--output", output);

        Assert.Equal(ExitCode.VerificationFailed, run.ExitCode);
        Assert.Contains("Entry 4 for jp is not confirmed. It came out otherwise.", run.Error, StringComparison.Ordinal);
        Assert.Contains("incident_cause", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version: 1\n# of epoch 45")]
    [InlineData("version: 1\n# of epoch 3", "--epoch", "3")]
    public async Task Show_prints_the_text_as_it_was_applied(string text, params string[] options)
    {
        var run = await RunAsync(new ScriptedOperator { Policies = 45 }, ["show", "jp", .. options]);

        Assert.Equal((ExitCode.Ok, "", text), (run.ExitCode, run.Error, run.Output));
    }

    [Fact]
    public async Task A_terminal_is_shown_the_text_without_what_it_would_obey()
    {
        await using var node = await ScriptedNode.StartAsync(new ScriptedOperator { PolicyText = "version: 1 # \u001b[2J\n\nrules: []" });

        var run = await ToolRun.AtTerminal("", "policy", "show", "jp", "--dir", node.Location);

        Assert.Equal("version: 1 # \uFFFD[2J\n\nrules: []\n", run.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Show_of_a_policy_that_never_was_is_refused()
    {
        var none = await RunAsync(new ScriptedOperator { Policies = 0 }, "show", "jp");
        var other = await RunAsync(new ScriptedOperator(), "show", "jp", "--epoch", "3");

        Assert.Equal((ExitCode.Refused, ExitCode.Refused), (none.ExitCode, other.ExitCode));
        Assert.Contains("POLICY_NOT_FOUND", none.Error, StringComparison.Ordinal);
        Assert.Contains("POLICY_NOT_FOUND", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task View_as_lists_what_the_partner_would_receive_up_to_the_limit()
    {
        var some = await RunAsync(new ScriptedOperator { Changes = 250 }, "view-as", "jp", "--limit", "120", "--output", "json");
        var all = await RunAsync(new ScriptedOperator { Changes = 250 }, "view-as", "jp", "--limit", "0", "--output", "json");
        var table = await RunAsync(new ScriptedOperator(), "view-as", "jp", "--limit", "2");
        var nothing = await RunAsync(new ScriptedOperator { Changes = 0 }, "view-as", "jp");

        Assert.Equal((120, 250), (Records(some), Records(all)));
        Assert.Contains("Title 1", table.Output, StringComparison.Ordinal);
        Assert.Contains("There are more; --limit 0 lists all.", table.Output, StringComparison.Ordinal);
        Assert.Contains("jp would receive no record.", nothing.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task View_as_shows_one_record_whole_by_a_policy_that_is_not_in_force()
    {
        var node = new ScriptedOperator();
        var file = _files.Write("next.yaml", "version: 1\n");

        var run = await RunAsync(node, "view-as", "jp", "--policy", file, "--record", ScriptedOperator.Record, "--output", "json");

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(ScriptedOperator.Record, json.RootElement.GetProperty("recordId").GetString());
        var request = Assert.Single(node.Received<ViewAsPartnerRequest>());
        Assert.Equal(("version: 1\n", "next.yaml", ScriptedOperator.Record), (request.Policy, request.FileName, request.RecordId));
    }

    [Fact]
    public async Task View_as_of_a_record_that_the_partner_would_not_receive_is_refused_and_says_where_to_ask_why()
    {
        var run = await RunAsync(new ScriptedOperator(), "view-as", "jp", "--record", "hidden");

        Assert.Equal((ExitCode.Refused, ""), (run.ExitCode, run.Output));
        Assert.Contains("'federation policy explain hidden jp'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_file_is_not_taken_for_the_policy_in_force()
    {
        var node = new ScriptedOperator();

        var run = await RunAsync(node, "view-as", "jp", "--policy", _files.Write("empty.yaml", ""));

        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Output));
        Assert.Empty(node.Received<ViewAsPartnerRequest>());
    }

    private static bool Has(string line, params string[] words) => words.All(word => line.Contains(word, StringComparison.Ordinal));

    private static int Records(ToolRun run)
    {
        using var json = JsonDocument.Parse(run.Output);
        return json.RootElement.GetArrayLength();
    }

    private static async Task<ToolRun> RunAsync(ScriptedOperator operators, params string[] words)
    {
        await using var node = await ScriptedNode.StartAsync(operators);
        return await ToolRun.Of(["policy", .. words, "--dir", node.Location]);
    }
}
