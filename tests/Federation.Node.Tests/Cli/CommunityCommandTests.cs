using Federation.Cli;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Cli;

public sealed class CommunityCommandTests : IAsyncLifetime
{
    private static readonly string Root = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));

    private ScriptedNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ScriptedNode.StartAsync(new ScriptedOperator());

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Set_reads_members_from_a_file_with_comments_and_grouped_digits()
    {
        var file = Path.Combine(_node.Location, "network.txt");
        await File.WriteAllTextAsync(file, $"# the network\nuk {Root}\n\njp\t{string.Join('-', Root.Chunk(4).Select(group => new string(group)))} # by phone\n", TestContext.Current.CancellationToken);

        var run = await ToolRun.Of("community", "set", "network", file, "--dir", _node.Location);

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        var request = Assert.Single(_node.Operator.Received<SetCommunityRequest>());
        Assert.Equal(("network", "uk,jp"), (request.Name, string.Join(',', request.Members.Select(member => member.Institute))));
        Assert.All(request.Members, member => Assert.Equal(Root, member.RootFingerprint));
        Assert.Contains(new string('a', 64), run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_takes_members_by_option_and_says_where_the_list_counts_for_nothing()
    {
        var run = await ToolRun.Of("community", "set", "network", "--member", $"jp={Root}", "--member", $"sg={Root}", "--dir", _node.Location);

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(["jp", "sg"], Assert.Single(_node.Operator.Received<SetCommunityRequest>()).Members.Select(member => member.Institute));
        Assert.Contains("counts for nothing here", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("set", "network")]
    [InlineData("set", "network", "--member", "jp")]
    [InlineData("set", "network", "--member", "jp=12")]
    [InlineData("set", "network", "--member", "jp=12", "--empty")]
    public async Task A_list_without_members_or_with_bad_ones_is_refused(params string[] words)
    {
        var run = await ToolRun.Of(["community", .. words, "--dir", _node.Location]);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Empty(_node.Operator.Received<SetCommunityRequest>());
    }

    [Fact]
    public async Task List_says_who_has_loaded_the_same_and_holders_who_got_a_record()
    {
        var list = await ToolRun.Of("community", "list", "--dir", _node.Location, "--output", "json");
        var holders = await ToolRun.Of("records", "holders", ScriptedOperator.Record, "--dir", _node.Location, "--output", "json");

        Assert.Equal((ExitCode.Ok, ExitCode.Ok), (list.ExitCode, holders.ExitCode));
        Assert.Contains("\"jp\"", list.Output, StringComparison.Ordinal);
        Assert.Contains("\"sg\"", holders.Output, StringComparison.Ordinal);
        Assert.Contains("Unavailable", holders.Output, StringComparison.Ordinal);
    }
}
