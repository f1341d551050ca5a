using System.Text.Json;
using Federation.Cli;
using Xunit;

namespace Federation.Node.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Help_lists_the_exit_codes()
    {
        var run = await ToolRun.Of("records", "list", "--help");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        foreach (var (_, meaning) in ExitCode.All)
            Assert.Contains(meaning, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("nonsense")]
    [InlineData("records")]
    [InlineData("records", "list", "--nonsense")]
    [InlineData("records", "list", "--limit", "many")]
    [InlineData("init", "somewhere")]
    [InlineData("client", "add", "name", "--role", "emperor")]
    [InlineData("import", "xlsx", "somewhere", "--marking", "GREEN")]
    [InlineData("import", "avid", "somewhere")]
    [InlineData("records", "list", "--output", "xml")]
    public async Task Wrong_usage_ends_with_2(params string[] arguments)
    {
        var run = await ToolRun.Of(arguments);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.NotEmpty(run.Error);
    }

    [Fact]
    public async Task Wrong_usage_is_an_object_for_programs()
    {
        var run = await ToolRun.Of("records", "list", "--nonsense", "--output", "json");

        Assert.Equal((ExitCode.Usage, ""), (run.ExitCode, run.Output));
        using var json = JsonDocument.Parse(run.Error);
        Assert.Equal(2, json.RootElement.GetProperty("error").GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public async Task A_directory_without_a_node_is_wrong_usage()
    {
        var run = await ToolRun.Of("records", "list", "--dir", _directory.Location);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("node.json", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_not_running_ends_with_3()
    {
        var node = _directory.Inside("uk");
        await ToolRun.Of("init", node, "--institute", "uk", "--own-port", "0");

        var run = await ToolRun.Of("partner", "list", "--dir", node, "--output", "json");

        Assert.Equal(ExitCode.Unreachable, run.ExitCode);
        using var json = JsonDocument.Parse(run.Error);
        Assert.Equal("NODE_UNREACHABLE", json.RootElement.GetProperty("error").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_port_where_nobody_listens_ends_with_3()
    {
        var node = _directory.Inside("uk");
        // Port 1 is privileged and nothing in a test's world listens there.
        await ToolRun.Of("init", node, "--institute", "uk", "--own-port", "1");

        var run = await ToolRun.Of("records", "list", "--dir", node);

        Assert.Equal(ExitCode.Unreachable, run.ExitCode);
    }

    [Theory]
    [InlineData("--state", "gone")]
    [InlineData("--kind", "rumour")]
    [InlineData("--issued-from", "soon")]
    [InlineData("--limit", "-1")]
    public async Task A_filter_that_is_not_understood_is_refused_and_never_ignored(string option, string value)
    {
        var node = _directory.Inside("uk");
        await ToolRun.Of("init", node, "--institute", "uk", "--own-port", "0");

        var run = await ToolRun.Of("records", "list", "--dir", node, option, value);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
    }

    [Fact]
    public async Task A_card_is_not_pinned_without_its_fingerprint_or_consent()
    {
        var node = _directory.Inside("uk");
        await ToolRun.Of("init", node, "--institute", "uk", "--own-port", "0");
        var card = Path.Combine(node, "keys", "manifests.bin");

        var silent = await ToolRun.Of("partner", "add", card, "--dir", node, "--share");
        var wrong = await ToolRun.Of("partner", "add", card, "--dir", node, "--share", "--fingerprint", new string('a', 64));

        Assert.Equal(ExitCode.Usage, silent.ExitCode);
        Assert.Equal(ExitCode.VerificationFailed, wrong.ExitCode);
    }

    [Fact]
    public async Task A_card_that_was_changed_is_refused()
    {
        var node = _directory.Inside("uk");
        await ToolRun.Of("init", node, "--institute", "uk", "--own-port", "0");
        var card = Path.Combine(node, "keys", "manifests.bin");
        var bytes = await File.ReadAllBytesAsync(card, TestContext.Current.CancellationToken);
        bytes[^10] ^= 1;
        var bent = _directory.Inside("bent.card");
        await File.WriteAllBytesAsync(bent, bytes, TestContext.Current.CancellationToken);

        var run = await ToolRun.Of("partner", "add", bent, "--dir", node, "--yes");

        Assert.Equal(ExitCode.VerificationFailed, run.ExitCode);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _federation federation")]
    [InlineData("zsh", "compdef _federation federation")]
    [InlineData("fish", "complete -c federation")]
    public async Task Completion_scripts_are_printed(string shell, string line)
    {
        var run = await ToolRun.Of("completion", shell);

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Contains(line, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completions_name_commands_and_values()
    {
        var commands = await ToolRun.Of("[suggest:17]", "federation partne");
        var values = await ToolRun.Of("[suggest:35]", "federation records list --severity ");

        Assert.Contains("partner", commands.Output, StringComparison.Ordinal);
        Assert.Contains("serious_hazard", values.Output, StringComparison.Ordinal);
    }
}
