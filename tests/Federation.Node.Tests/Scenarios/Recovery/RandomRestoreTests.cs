using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Federation.V1.Records;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Recovery;

/// <summary>
/// Random work over an originator and its follower, either of which is put back to any earlier image at random moments, the originator with
/// or without its anchor. The anchor is lost only when the follower holds every head: without both nobody could know.
/// </summary>
public sealed class RandomRestoreTests
{
    private const int Steps = 45;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private static readonly string[] Policies = [TestPolicies.Everything, TestPolicies.Green, TestPolicies.WithoutReproduction, TestPolicies.Everything];
    private static readonly Marking[] Markings = [Marking.Clear, Marking.Green, Marking.Amber];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Row_R1_whatever_image_is_restored_no_two_heads_that_were_ever_signed_are_inconsistent_and_both_sides_converge_I2_I3_I9_I15(int first)
    {
        var began = TimeProvider.System.GetTimestamp();
        var seed = first;
        do
        {
            await RunAsync(seed);
            seed += 4;
        }
        while (TimeProvider.System.GetElapsedTime(began) < Longest / 4);
        TestContext.Current.TestOutputHelper?.WriteLine($"{(seed - first) / 4} runs");
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        await using var pair = await RestoredPair.StartAsync();
        var images = new List<(TestNode Node, string Name)>();
        for (var step = 0; step < Steps; step++)
        {
            var choice = random.Next(100);
            if (choice < 75)
                await WorkAsync(pair.Origin, random, step);
            else if (choice < 80)
                await pair.Origin.ApplyPolicyAsync("sg", Policies[random.Next(Policies.Length)]);
            else if (choice < 84)
                await PauseAsync(pair, random, step);
            else if (choice < 92 || images.Count == 0)
                images.Add(await SaveAsync(random.Next(3) > 0 ? pair.Origin : pair.Follower, step));
            else
                await RestoreAsync(pair, images[random.Next(images.Count)], random);
        }

        await pair.SettleAsync();
        Assert.Empty(await pair.Origin.EvidenceAsync("sg"));
        Assert.Empty(await pair.Follower.EvidenceAsync("uk"));
        await pair.VerifyAsync();
    }

    private static async Task<(TestNode Node, string Name)> SaveAsync(TestNode node, int step)
    {
        await RestoredPair.SaveAsync(node, $"{step}");
        return (node, $"{step}");
    }

    // The follower misses some work, and catches up by the latest entries alone: what lies between comes back as a hash, if at all.
    private static async Task PauseAsync(RestoredPair pair, Random random, int step)
    {
        await pair.Follower.StopAsync();
        for (var i = 0; i < 4; i++)
            await WorkAsync(pair.Origin, random, step);
        await pair.Follower.StartAsync();
    }

    private static async Task RestoreAsync(RestoredPair pair, (TestNode Node, string Name) image, Random random)
    {
        if (image.Node == pair.Follower)
        {
            await pair.SettleAsync();
            await RestoredPair.RestoreAsync(image.Node, loseAnchor: false, image.Name);
            return;
        }

        var loseAnchor = random.Next(2) == 0;
        if (loseAnchor)
            await pair.SettleAsync();
        await pair.Origin.StopAsync();
        await pair.CheckHeadsAsync();
        pair.Origin.SaveDatabase("newest");
        await RestoredPair.RestoreAsync(pair.Origin, loseAnchor, image.Name);
        await TryWorkAsync(pair.Origin, random);
        // A head that was signed and never arrived is nowhere but in the anchor: the newest image has to come back, or nothing is signed any more.
        var ledger = await pair.Origin.WaitForOutboundAsync(
            "sg", l => l.State == OutboundState.Active || l.RecoveringFault.Contains("ask sg", StringComparison.Ordinal));
        if (ledger.State != OutboundState.Active)
            await RestoredPair.RestoreAsync(pair.Origin, loseAnchor: false, "newest");
    }

    // What is got back meanwhile may erase a record, or make it anew, just when it is written.
    private static async Task TryWorkAsync(TestNode origin, Random random)
    {
        try
        {
            await WorkAsync(origin, random, 1000);
        }
        catch (RpcException refusal) when (refusal.StatusCode is StatusCode.FailedPrecondition or StatusCode.Aborted)
        {
            await origin.PublishAsync(Drafts.Flaw("instead"));
        }
    }

    private static async Task WorkAsync(TestNode origin, Random random, int step)
    {
        var own = (await origin.ListAllAsync()).Values.Where(r => r.Origin == "uk" && r.Kind == RecordKind.Flaw).ToList();
        var draft = Drafts.Flaw($"flaw {step}", $"steps {random.Next(1000)}", Markings[random.Next(Markings.Length)]);
        var choice = random.Next(10);
        if (choice < 4 || own.Count == 0)
        {
            await origin.PublishAsync(draft);
            return;
        }

        var record = own[random.Next(own.Count)];
        if (choice < 8)
            await origin.ReviseAsync(record.RecordId, record.Revision, draft);
        else if (choice < 9)
            await origin.EraseAsync(record.RecordId, record.Revision);
        else
            await origin.WithdrawAsync(record.RecordId, record.Revision);
    }
}
