using System.Text.Json;
using System.Text.Json.Nodes;
using Federation.Cli.Connection;
using Federation.Node.Tests.Cli;
using Federation.Node.Tests.Tidy;
using Xunit;

namespace Federation.Node.Tests.Operations;

/// <summary>Starts a node from the settings in deploy/example, and holds them and the README to the options that there are.</summary>
public sealed class ExampleConfigurationTests : IDisposable
{
    private readonly TestDirectory parent = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => parent.Dispose();

    [Fact]
    public async Task A_node_starts_from_the_example_and_serves_its_first_operator()
    {
        var location = parent.Inside("uk");
        Assert.Equal(0, (await ToolRun.Of("init", location, "--institute", "uk")).ExitCode);
        var settings = Example();
        // Free ports, so that the test runs beside whatever else does.
        settings["partnerListener"]!["port"] = 0;
        settings["ownListener"]!["port"] = 0;
        parent.Write("uk/node.json", settings.ToJsonString());

        await using var node = NodeProcess.Start(NodeDirectory.Open(location), parent.Inside("log"), TimeProvider.System);
        await node.WaitUntilListeningAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        var clients = await ToolRun.Of("client", "list", "--dir", location, "--output", "json");
        var card = await ToolRun.Of("partner", "card", "--dir", location, "--output", "json");

        Assert.Equal(0, clients.ExitCode);
        Assert.Contains("operator", clients.Output, StringComparison.Ordinal);
        Assert.Contains("federation.example.org:7443", card.Output, StringComparison.Ordinal);
        var line = (await File.ReadAllLinesAsync(parent.Inside("log"), Cancellation))[0];
        Assert.True(JsonNode.Parse(line)!["Timestamp"] is not null, $"the log has lines without a time: {line}");
    }

    [Fact]
    public void The_example_names_every_setting_and_no_other() => Assert.Equal(Keys(typeof(NodeOptions), ""), Keys(Example(), ""));

    [Fact]
    public void The_readme_explains_every_setting()
    {
        var readme = RepositoryTree.Read("README.md");
        var table = readme[readme.IndexOf("## Settings", StringComparison.Ordinal)..readme.IndexOf("## The tool", StringComparison.Ordinal)];

        Assert.All(Keys(typeof(NodeOptions), ""), key =>
        {
            var last = key[(key.IndexOf('.', StringComparison.Ordinal) + 1)..];
            Assert.True(table.Contains($"`{key}`", StringComparison.Ordinal) || table.Contains($"`.{last}`", StringComparison.Ordinal), key);
        });
    }

    private static JsonNode Example() => JsonNode.Parse(RepositoryTree.Read("deploy/example/node.json"))!;

    private static IEnumerable<string> Keys(Type options, string prefix) => options.GetProperties()
        .SelectMany(p => p.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal)
            ? Keys(p.PropertyType, $"{prefix}{CamelCase(p.Name)}.")
            : [$"{prefix}{CamelCase(p.Name)}"])
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Keys(JsonNode node, string prefix) => node.AsObject()
        .SelectMany(p => p.Value is JsonObject inner ? Keys(inner, $"{prefix}{p.Key}.") : [$"{prefix}{p.Key}"])
        .Order(StringComparer.Ordinal);

    private static string CamelCase(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
