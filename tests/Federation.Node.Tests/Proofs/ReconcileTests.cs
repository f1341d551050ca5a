using System.Text.Json;
using Federation.Cli;
using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Heads;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Proofs;

public sealed class ReconcileTests
{
    private const int Many = 3000;

    // A tile a level, one more a level at the ragged end, and the live sums.
    private const int MostRequests = 4;

    [Fact]
    public async Task Two_sides_that_hold_the_same_are_said_to_be_alike_in_both_directions_R12()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Green);
        await federation.LetFollowAsync("jp", "uk", TestPolicies.Green);
        await federation["uk"].PublishAsync(Drafts.Flaw("of uk"));
        await federation["jp"].PublishAsync(Drafts.Flaw("of jp"));
        await federation["uk"].WaitForOutboundAsync("jp", l => l.Receipted == 1);
        await federation["jp"].WaitForOutboundAsync("uk", l => l.Receipted == 1);

        var run = await BundleStage.RunAsync(federation["uk"], "reconcile", "jp");

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        Assert.Contains("What jp is told: alike, 1 entries on both sides.", run.Output, StringComparison.Ordinal);
        Assert.Contains("What jp tells: alike, 1 entries on both sides.", run.Output, StringComparison.Ordinal);
        Assert.Contains("The live records are the same.", run.Output, StringComparison.Ordinal);
        Assert.Contains("The newest receipt is for 1 entries.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_difference_in_a_follower_s_copy_is_named_to_the_entry_by_a_logarithm_of_requests_R12()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Green);
        for (var from = 0; from < Many; from += 100)
            await Task.WhenAll(Enumerable.Range(from, 100).Select(i => federation["uk"].PublishAsync(Drafts.Practice($"practice {i}"))));
        await federation["uk"].WaitForOutboundAsync("jp", l => l.Receipted == Many);
        foreach (var seq in new[] { 2999, 2816, 1234, 0 })
        {
            // From the end to the beginning, so that each new difference is the first.
            await federation["jp"].StopAsync();
            var (own, planted) = Plant(federation["jp"], seq);
            await federation["jp"].StartAsync();
            await federation["jp"].WaitForStateAsync("uk", InboundState.Tailing);

            var run = await BundleStage.RunAsync(federation["uk"], "reconcile", "jp");
            var json = await BundleStage.RunAsync(federation["uk"], "reconcile", "jp", "--output", "json");

            Assert.Equal(ExitCode.VerificationFailed, run.ExitCode);
            Assert.Contains($"What jp is told: differs from entry {seq} on.", run.Output, StringComparison.Ordinal);
            Assert.Contains($"here:      {own}", run.Output, StringComparison.Ordinal);
            Assert.Contains($"jp:        {planted}", run.Output, StringComparison.Ordinal);
            using var answer = JsonDocument.Parse(json.Output);
            Assert.InRange(answer.RootElement.GetProperty("outbound").GetProperty("requests").GetInt32(), 2, MostRequests);
            Assert.True(answer.RootElement.GetProperty("outbound").GetProperty("receiptHolds").GetBoolean());
        }
    }

    [Fact]
    public async Task A_difference_in_the_follower_s_own_copy_is_found_from_its_side_too()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Green);
        for (var i = 0; i < 5; i++)
            await federation["uk"].PublishAsync(Drafts.Practice($"practice {i}"));
        await federation["uk"].WaitForOutboundAsync("jp", l => l.Receipted == 5);
        await federation["jp"].StopAsync();
        Plant(federation["jp"], 3);
        await federation["jp"].StartAsync();
        await federation["jp"].WaitForStateAsync("uk", InboundState.Tailing);

        var run = await BundleStage.RunAsync(federation["jp"], "reconcile", "uk");

        Assert.Equal(ExitCode.VerificationFailed, run.ExitCode);
        Assert.Contains("What uk tells: differs from entry 3 on.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_follower_that_does_not_go_on_is_said_to_be_behind()
    {
        await using var federation = await TestFederation.StartAsync("uk");
        federation.Add(await TestNode.StartNewAsync("jp", options => options.MaxLiveRecordsPerPartner = 1));
        await federation.LetFollowAsync("uk", "jp", TestPolicies.Green);
        await federation["uk"].PublishAsync(Drafts.Practice("one"));
        await federation["uk"].WaitForOutboundAsync("jp", l => l.Receipted == 1);
        await federation["uk"].PublishAsync(Drafts.Practice("one too many"));
        await federation["jp"].WaitForStateAsync("uk", InboundState.OverQuota);

        var run = await BundleStage.RunAsync(federation["uk"], "reconcile", "jp");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Contains("What jp is told: alike up to entry 1; jp is 1 entries behind.", run.Output, StringComparison.Ordinal);
        Assert.Contains("The live records were not compared", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partner_that_can_not_be_asked_is_not_taken_for_alike()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Green);
        await federation["uk"].PublishAsync(Drafts.Practice("one"));
        await federation["uk"].WaitForOutboundAsync("jp", l => l.Receipted == 1);
        await federation["jp"].StopAsync();

        var run = await BundleStage.RunAsync(federation["uk"], "reconcile", "jp");

        Assert.Equal(ExitCode.Unreachable, run.ExitCode);
        Assert.Contains("not compared", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_ledger_there_is_nothing_to_compare()
    {
        await using var federation = await TestFederation.StartAsync("uk", "jp");
        await federation["uk"].AddPartnerAsync(await federation["jp"].CardAsync());

        var run = await BundleStage.RunAsync(federation["uk"], "reconcile", "jp");

        Assert.Contains("LEDGER_NOT_FOUND", run.Error, StringComparison.Ordinal);
    }

    // Changes the statement hash in one stored entry of the only ledger that a stopped node follows; returns the hashes before and after.
    private static (string Own, string Planted) Plant(TestNode node, int seq)
    {
        using var database = node.OpenDatabase();
        using var row = database.Use("SELECT e.leaf, f.ledger FROM in_entry e JOIN follow f ON f.src = e.src WHERE e.seq = ?1").Bind(1, (long)seq);
        Assert.True(row.Step());
        var (leaf, ledger) = (row.Blob(0), LedgerId.Read(row.Span(1)));
        var own = HashOf(leaf, ledger);
        leaf[^1] ^= 1;
        row.Dispose();
        database.Use("UPDATE in_entry SET leaf = ?1 WHERE seq = ?2").Bind(1, leaf).Bind(2, (long)seq).Execute();
        return (own, HashOf(leaf, ledger));
    }

    private static string HashOf(byte[] bytes, LedgerId ledger) => Leaf.TryRead(bytes, out var leaf, out var error) ? leaf.Hash(ledger).ToString() : error;
}
