using System.Text.Json;
using Federation.Cli;
using Xunit;

namespace Federation.Node.Tests.Cli;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_of_three_processes_holds_every_check_and_leaves_nothing_behind()
    {
        var run = await ToolRun.Of("demo", "--once", "--output", "json");

        Assert.True(run.ExitCode == ExitCode.Ok, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        Assert.True(json.RootElement.GetProperty("passed").GetBoolean());
        Assert.True(json.RootElement.GetProperty("checks").GetArrayLength() >= 10);
        var nodes = json.RootElement.GetProperty("nodes").EnumerateArray().ToList();
        Assert.Equal(["uk", "jp", "sg"], nodes.Select(node => node.GetProperty("institute").GetString()));
        Assert.All(nodes, node => Assert.False(Directory.Exists(node.GetProperty("directory").GetString())));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("12")]
    public async Task A_demo_has_3_to_11_institutes(string institutes)
    {
        var run = await ToolRun.Of("demo", "--once", "--institutes", institutes);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
    }
}
