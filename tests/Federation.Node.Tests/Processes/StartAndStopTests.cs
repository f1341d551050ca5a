using System.Text.Json.Nodes;
using Federation.Node.Tests.Cli;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Processes;

/// <summary>How the program starts, what keeps it from starting, and how it stops.</summary>
public sealed class StartAndStopTests : IDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly TestDirectory root = new();
    private readonly Random random = new(Environment.ProcessId);

    public void Dispose() => root.Dispose();

    [Fact]
    public async Task A_node_that_is_asked_to_stop_under_load_ends_with_code_0_within_10_seconds()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var pair = await ChildPair.StartAsync(random, cancellationToken);
        using var load = new NodeLoad(pair.First, random);
        using var stop = new CancellationTokenSource();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = load.RunAsync(stop.Token, giveUp.Token);
        await HeldRecords.WaitUntilSomeAsync(pair.Second, "uk", 5, TimeSpan.FromSeconds(30), cancellationToken);

        // The follower first: its stream to the other node is open, and so is the one that it serves.
        Assert.Equal(0, (await pair.Second.StopAsync(StopPatience)).ExitCode);
        Assert.Equal(0, (await pair.First.StopAsync(StopPatience)).ExitCode);
        Assert.False(File.Exists(pair.First.Directory.ListeningFile));
        await stop.CancelAsync();
        pair.First.Start();
        await writing;
        await pair.First.WaitUntilListeningAsync(cancellationToken);
        var differences = HeldRecords.CompareOwn(load.Records, await HeldRecords.ReadAsync(pair.First, "uk", cancellationToken));
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Fact]
    public async Task A_second_process_on_one_data_directory_refuses_to_start_and_says_why()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var node = ChildNode.Create(root.Location, "uk", random);
        node.Start();
        await node.WaitUntilListeningAsync(cancellationToken);

        var (exitCode, errors) = await RunAsync(node, cancellationToken);
        Assert.Equal(1, exitCode);
        Assert.Contains("another node is running on this data directory", errors, StringComparison.Ordinal);
        Assert.Contains("node.lock", errors, StringComparison.Ordinal);

        // The first one goes on as if nothing had been.
        using var connection = node.Connect();
        await connection.Operator.GetNodeAsync(new GetNodeRequest(), connection.Unary(cancellationToken));
        Assert.True(File.Exists(node.Directory.ListeningFile));
    }

    [Fact]
    public async Task A_killed_node_leaves_no_lock_that_keeps_the_next_one_off()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var node = ChildNode.Create(root.Location, "uk", random);
        node.Start();
        await node.WaitUntilListeningAsync(cancellationToken);
        await node.KillAsync();
        Assert.True(File.Exists(node.Directory.Inside(Path.Combine("data", "node.lock"))));
        node.Start();
        await node.WaitUntilListeningAsync(cancellationToken);
    }

    [Fact]
    public async Task A_key_in_the_settings_that_is_not_known_is_refused_by_name()
    {
        await using var node = ChildNode.Create(root.Location, "uk", random);
        Change(node, settings => settings["partnerListner"] = new JsonObject());
        var (exitCode, errors) = await RunAsync(node, TestContext.Current.CancellationToken);
        Assert.Equal(2, exitCode);
        Assert.Contains("partnerListner", errors, StringComparison.Ordinal);
        Assert.Contains("node.json", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_error_in_the_settings_is_reported_at_once()
    {
        await using var node = ChildNode.Create(root.Location, "uk", random);
        Change(node, settings =>
        {
            settings["institute"] = "U K";
            settings["maxLiveRecordsPerPartner"] = 0;
            settings["partnerListener"]!["port"] = 70_000;
            settings["ownListener"]!["address"] = "example.org";
            settings["keysDirectory"] = "nowhere";
            settings["ownKey"] = "own-ca/none.key";
        });
        var (exitCode, errors) = await RunAsync(node, TestContext.Current.CancellationToken);
        Assert.Equal(2, exitCode);
        foreach (var named in new[] { "institute", "maxLiveRecordsPerPartner", "partnerListener.port", "ownListener.address", "keysDirectory", "ownKey" })
            Assert.Contains($"{named}:", errors, StringComparison.Ordinal);
    }

    private static System.Text.Json.JsonDocumentOptions Lenient => new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static string SettingsOf(ChildNode node) => node.Directory.Inside("node.json");

    private static void Change(ChildNode node, Action<JsonObject> change)
    {
        var settings = JsonNode.Parse(File.ReadAllText(SettingsOf(node)), documentOptions: Lenient)!.AsObject();
        change(settings);
        File.WriteAllText(SettingsOf(node), settings.ToJsonString());
    }

    private static async Task<(int ExitCode, string Errors)> RunAsync(ChildNode node, CancellationToken cancellationToken)
    {
        using var process = ChildNode.StartProcess(node.Directory.Location);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(40));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = await process.StandardError.ReadToEndAsync(limit.Token);
            await output;
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
