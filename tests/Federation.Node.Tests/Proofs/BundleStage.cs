using Federation.Node.Tests.Cli;
using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Records;
using Federation.V1.Node;

namespace Federation.Node.Tests.Proofs;

/// <summary>
/// Two real nodes and a history worth proving: a record that is revised and then withdrawn by its marking, one that stays, one that is erased,
/// and one that came and went while the partner was away and was never sent. All of it is receipted.
/// </summary>
internal sealed class BundleStage : IAsyncDisposable
{
    private BundleStage(TestFederation federation) => Federation = federation;

    public TestFederation Federation { get; }

    public TestDirectory Directory { get; } = new();

    public string Withdrawn { get; private set; } = "";

    public string Kept { get; private set; } = "";

    public string Erased { get; private set; } = "";

    public string NeverSent { get; private set; } = "";

    public Digest OriginRoot { get; private set; }

    public Digest FollowerRoot { get; private set; }

    public TestNode Uk => Federation["uk"];

    public TestNode Jp => Federation["jp"];

    public static async Task<BundleStage> StartAsync()
    {
        var stage = new BundleStage(await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Green));
        var (uk, jp) = (stage.Uk, stage.Jp);
        stage.Withdrawn = await uk.PublishAsync(Drafts.Flaw("soon for fewer", "the steps"));
        stage.Kept = await uk.PublishAsync(Drafts.Flaw("for all", "other steps"));
        stage.Erased = await uk.PublishAsync(Drafts.Flaw("a person's name"));
        await uk.WaitForOutboundAsync("jp", l => l.Receipted == 3);
        await uk.ReviseAsync(stage.Withdrawn, 1, Drafts.Flaw("soon for fewer", "better steps"));
        await uk.WaitForOutboundAsync("jp", l => l.Receipted == 4);
        await uk.ReviseAsync(stage.Withdrawn, 2, Drafts.Flaw("soon for fewer", "better steps", V1.Records.Marking.Amber));
        await uk.EraseAsync(stage.Erased, 1);
        await uk.WaitForOutboundAsync("jp", l => l.Receipted == 6);

        await jp.StopAsync();
        await uk.WaitForOutboundAsync("jp", l => !l.Connected);
        stage.NeverSent = await uk.PublishAsync(Drafts.Flaw("never sent"));
        await uk.WaitForOutboundAsync("jp", l => l.Appended == 7);
        await uk.ReviseAsync(stage.NeverSent, 1, Drafts.Flaw("never sent", "nothing", V1.Records.Marking.Amber));
        await uk.WaitForOutboundAsync("jp", l => l.Appended == 8);
        await jp.StartAsync();
        await uk.WaitForOutboundAsync("jp", l => l.Receipted == 8);
        stage.OriginRoot = await RootOfAsync(uk);
        stage.FollowerRoot = await RootOfAsync(jp);
        return stage;
    }

    /// <summary>Runs the tool against a node.</summary>
    public static Task<ToolRun> RunAsync(TestNode node, params string[] arguments) => ToolRun.Of([.. arguments, "--dir", node.Location]);

    /// <summary>Writes an evidence bundle with the tool, and answers where it is.</summary>
    public async Task<string> ExportAsync(TestNode node, string partner, params string[] options)
    {
        var file = Directory.Inside($"{node.Institute}.evidence");
        var run = await RunAsync(node, ["evidence", "export", partner, "-o", file, .. options]);
        Xunit.Assert.True(run.ExitCode == 0, run.Error);
        return file;
    }

    /// <summary>Runs the tool's verification of a file.</summary>
    public Task<ToolRun> VerifyAsync(string file, params string[] options) =>
        ToolRun.Of(["verify", file, "--root", OriginRoot.ToString(), "--follower-root", FollowerRoot.ToString(), .. options]);

    public async ValueTask DisposeAsync()
    {
        await Federation.DisposeAsync();
        Directory.Dispose();
    }

    private static async Task<Digest> RootOfAsync(TestNode node) =>
        Digest.TryParse((await node.Operator.GetNodeAsync(new GetNodeRequest())).RootFingerprint, out var root) ? root : throw new InvalidOperationException();
}
