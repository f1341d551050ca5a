using System.Text.Json;
using Federation.Cli;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Cli;

public sealed class GroupCommandTests : IAsyncLifetime
{
    private ScriptedNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ScriptedNode.StartAsync(new ScriptedOperator());

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Set_names_all_members_and_says_the_epoch()
    {
        var run = await GroupAsync("set", "network", "jp", "sg");

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        var request = Assert.Single(_node.Operator.Received<SetGroupRequest>());
        Assert.Equal(("network", "jp,sg", false), (request.Name, string.Join(',', request.Members), request.Confirmed));
        Assert.Contains("jp, sg", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("set", "network")]
    [InlineData("set", "network", "jp", "--empty")]
    [InlineData("set")]
    [InlineData("diff")]
    public async Task A_group_is_emptied_only_on_purpose(params string[] words)
    {
        var run = await GroupAsync(words);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Empty(_node.Operator.Received<SetGroupRequest>());
    }

    [Fact]
    public async Task Empty_leaves_the_group_without_members()
    {
        var run = await GroupAsync("set", "network", "--empty");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Empty(Assert.Single(_node.Operator.Received<SetGroupRequest>()).Members);
        Assert.Contains("it shares with nobody", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_change_of_members_is_refused_asked_or_confirmed()
    {
        var refused = await GroupAsync("set", "large", "jp");
        var asked = await ToolRun.AtTerminal("y\r", "group", "set", "large", "jp", "--dir", _node.Location);
        var confirmed = await GroupAsync("set", "large", "jp", "--yes");

        Assert.Equal((ExitCode.Refused, ExitCode.Ok, ExitCode.Ok), (refused.ExitCode, asked.ExitCode, confirmed.ExitCode));
        Assert.Contains("'federation group diff large jp'", refused.Error, StringComparison.Ordinal);
        Assert.Contains("Do it?", asked.Output, StringComparison.Ordinal);
        Assert.Equal([false, false, true, true], _node.Operator.Received<SetGroupRequest>().Select(request => request.Confirmed));
        Assert.Equal(["jp"], Assert.Single(_node.Operator.Received<PreviewGroupRequest>()).Members);
    }

    [Fact]
    public async Task Diff_counts_for_every_partner_and_lists_for_one()
    {
        var counts = await GroupAsync("diff", "network", "jp");
        var one = await GroupAsync("diff", "network", "jp", "--partner", "sg", "--limit", "2");

        Assert.Equal((ExitCode.Ok, ""), (counts.ExitCode, counts.Error));
        Assert.All((string[])["│ jp", "│ sg", "Nothing was written, nothing was sent."], text => Assert.Contains(text, counts.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("record-0", counts.Output, StringComparison.Ordinal);
        Assert.Contains("Changes for sg:", one.Output, StringComparison.Ordinal);
        Assert.Contains("record-1", one.Output, StringComparison.Ordinal);
        Assert.Contains("1 more for sg; --limit 0 lists all.", one.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_goes_through_all_pages()
    {
        var json = await GroupAsync("list", "--output", "json");
        var table = await GroupAsync("list");

        using var document = JsonDocument.Parse(json.Output);
        var names = document.RootElement.GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("name").GetString());
        Assert.Equal(["empty", "network"], names);
        Assert.Contains("jp, sg", table.Output, StringComparison.Ordinal);
        Assert.Contains("none", table.Output, StringComparison.Ordinal);
    }

    private Task<ToolRun> GroupAsync(params string[] words) => ToolRun.Of(["group", .. words, "--dir", _node.Location]);
}
