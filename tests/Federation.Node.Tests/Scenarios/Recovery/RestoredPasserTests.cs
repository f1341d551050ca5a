using Federation.Node.Storage.Sqlite;
using Federation.Node.Tests.Infrastructure;
using Federation.Node.Tests.Scenarios.Passing;
using Federation.Node.Tests.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Recovery;

/// <summary>fr, uk and sg: uk passes fr's records on to sg, and is restored from a backup that is older than what it passed on.</summary>
public sealed class RestoredPasserTests : IAsyncLifetime
{
    private static readonly string[] All = ["fr", "sg", "uk"];

    private TestFederation federation = null!;

    private TestNode Fr => federation["fr"];

    private TestNode Uk => federation["uk"];

    private TestNode Sg => federation["sg"];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartAsync(All);
        foreach (var node in federation.Nodes)
            await federation.SetCommunityAsync("network", All, node.Institute);
        await federation.LetFollowAsync("uk", "sg", OnwardSteps.PassingOn("fr"));
    }

    public ValueTask DisposeAsync() => federation.DisposeAsync();

    [Theory]
    [InlineData(false, "fr")]
    [InlineData(false, "sg")]
    [InlineData(true, "fr")]
    [InlineData(true, "sg")]
    [InlineData(true, "neither")]
    public async Task Row_R1_a_restored_passer_on_has_the_receiver_hold_what_the_origin_shows_whoever_comes_first_I16_I22(bool anchorLost, string first)
    {
        await FollowOriginAsync();
        var own = await Uk.PublishAsync(Drafts.Flaw("of uk"));
        var (kept, revised, withdrawn) = (await PassAsync("kept"), await PassAsync("revised"), await PassAsync("withdrawn"));
        var (unshared, erased) = (await PassAsync("unshared"), await PassAsync("erased"));
        await SettleAsync();
        await RestoredPair.SaveAsync(Uk);
        var (fresh, freshRevised, freshErased) = (await PassAsync("fresh"), await PassAsync("fresh, revised"), await PassAsync("fresh, erased"));
        var (erasedMeanwhile, unsharedMeanwhile) = (await PassAsync("erased meanwhile"), await PassAsync("unshared meanwhile"));
        await WaitUntilSameAsync([kept, revised, withdrawn, unshared, erased, fresh, freshRevised, freshErased, erasedMeanwhile, unsharedMeanwhile]);
        await Fr.ReviseAsync(revised, 1, OnwardSteps.Open("revised", "second"));
        await Fr.ReviseAsync(freshRevised, 1, OnwardSteps.Open("fresh, revised", "second"));
        await Fr.WithdrawAsync(withdrawn, 1);
        await Fr.ReviseAsync(unshared, 1, Unshared());
        await Fr.EraseAsync(erased, 1);
        await Fr.EraseAsync(freshErased, 1);
        await SettleAsync();
        await WaitUntilSameAsync([kept, revised, withdrawn, fresh, freshRevised, erasedMeanwhile, unsharedMeanwhile]);
        var unchanged = Versions(kept, revised, withdrawn, unshared, erased, fresh, freshRevised, freshErased);

        await Uk.StopAsync();
        await Fr.EraseAsync(erasedMeanwhile, 1);
        await Fr.ReviseAsync(unsharedMeanwhile, 1, Unshared());
        var last = first switch { "fr" => Sg, "sg" => Fr, _ => null };
        await (last?.StopAsync() ?? Task.CompletedTask);
        await RestoredPair.RestoreAsync(Uk, anchorLost);
        if (first == "fr")
            await federation.SettleAsync("fr", "uk");
        if (first == "sg")
            await SeeNothingOlderAsync(revised, unshared, erased, freshErased);
        await (last?.StartAsync() ?? Task.CompletedTask);

        await SettleAsync();
        await WaitUntilSameAsync([kept, revised, withdrawn, fresh, freshRevised]);
        Assert.Equal(LedgerOperation.Erase, LastOperation(erased));
        Assert.Equal(LedgerOperation.Erase, LastOperation(freshErased));
        Assert.Equal(LedgerOperation.Erase, LastOperation(erasedMeanwhile));
        Assert.Equal(LedgerOperation.Withdraw, LastOperation(unsharedMeanwhile));
        // I8: what uk had caught up with was not said once more.
        if (first == "fr")
            Assert.Equal(unchanged, Versions(kept, revised, withdrawn, unshared, erased, fresh, freshRevised, freshErased));
        await GoesOnAsync(own, fresh);
        await WaitUntilSameAsync([kept, revised, withdrawn, fresh, freshRevised]);
        await VerifyAsync();
    }

    [Fact]
    public async Task Row_R1_what_was_passed_on_of_an_institute_that_is_no_partner_any_more_is_withdrawn_until_it_is_one_again_I22()
    {
        var own = await Uk.PublishAsync(Drafts.Flaw("of uk"));
        await federation.SettleAsync("uk", "sg");
        await RestoredPair.SaveAsync(Uk);
        await FollowOriginAsync();
        var (passed, erased) = (await PassAsync("passed"), await PassAsync("erased"));
        await SettleAsync();
        await WaitUntilSameAsync([passed, erased]);
        await Fr.EraseAsync(erased, 1);
        await SettleAsync();
        await WaitUntilSameAsync([passed]);

        await RestoredPair.RestoreAsync(Uk, loseAnchor: false);
        await federation.SettleAsync("uk", "sg");
        await WaitUntilSameAsync([]);
        Assert.Equal(LedgerOperation.Withdraw, LastOperation(passed));

        await FollowOriginAsync();
        await SettleAsync();
        await WaitUntilSameAsync([passed]);
        Assert.Equal(LedgerOperation.Erase, LastOperation(erased));
        await GoesOnAsync(own, passed);
        await VerifyAsync();
    }

    [Fact]
    public async Task Row_R1_what_a_lost_policy_passed_on_is_withdrawn_and_goes_on_with_the_same_parts_once_it_is_in_force_again_I22()
    {
        await FollowOriginAsync();
        await Uk.ApplyPolicyAsync("sg", TestPolicies.Everything);
        var passed = await PassAsync("passed");
        await SettleAsync();
        Assert.Null(await Sg.FindAsync("fr", passed));
        await RestoredPair.SaveAsync(Uk);
        await Uk.ApplyPolicyAsync("sg", OnwardSteps.PassingOnWithoutReproduction("fr"));
        await Sg.WaitForRecordAsync("fr", passed, view => view.Parts.Count == 1);
        await SettleAsync();

        await RestoredPair.RestoreAsync(Uk, loseAnchor: false);
        await Sg.WaitForAbsenceAsync("fr", passed);
        await Uk.ApplyPolicyAsync("sg", OnwardSteps.PassingOnWithoutReproduction("fr"));

        await Sg.WaitForRecordAsync("fr", passed, view => view.Parts.Count == 1);
        await SettleAsync();
        Assert.Equal(0, Sg.CountInFiles("secret of passed"u8));
        await VerifyAsync();
    }

    [Fact]
    public async Task Row_R1_a_lost_policy_that_opened_less_is_not_widened_by_the_restored_one_I22()
    {
        await FollowOriginAsync();
        await Uk.ApplyPolicyAsync("sg", TestPolicies.Everything);
        var passed = await PassAsync("passed");
        await SettleAsync();
        await Sg.StopAsync();
        await Uk.ApplyPolicyAsync("sg", OnwardSteps.PassingOn("fr"));
        await Uk.WaitForOutboundAsync("sg", ledger => !ledger.Sweeping);
        await RestoredPair.SaveAsync(Uk);
        await Uk.ApplyPolicyAsync("sg", OnwardSteps.PassingOnWithoutReproduction("fr"));
        await Uk.WaitForOutboundAsync("sg", ledger => !ledger.Sweeping);
        await Sg.StartAsync();
        await Sg.WaitForRecordAsync("fr", passed, view => view.Parts.Count == 1);
        await SettleAsync();

        await RestoredPair.RestoreAsync(Uk, loseAnchor: false);
        await SettleAsync();

        Assert.Single((await Sg.GetAsync("fr", passed)).Parts);
        Assert.Equal(0, Sg.CountInFiles("secret of passed"u8));
        await VerifyAsync();
    }

    private static RecordDraft Unshared()
    {
        var hidden = OnwardSteps.Open("unshared", "hidden", Marking.Red);
        hidden.Audience.Add("us");
        return hidden;
    }

    private async Task FollowOriginAsync()
    {
        await federation.LetFollowAsync("fr", "uk", TestPolicies.Everything);
        await federation.SetCommunityAsync("network", All, "uk");
        await Uk.WaitForAgreementAsync("fr", "sg");
    }

    private Task<string> PassAsync(string title) => Fr.PublishAsync(OnwardSteps.Open(title, $"secret of {title}"));

    private async Task SettleAsync()
    {
        await federation.SettleThroughAsync("fr", "uk", "sg");
        var size = (await Uk.WaitForOutboundAsync("sg", ledger => ledger is { State: OutboundState.Active, Sweeping: false })).Appended;
        await Sg.WaitForInboundAsync("uk", ledger => ledger.State == InboundState.Tailing && ledger.Applied >= size);
    }

    private Task WaitUntilSameAsync(IReadOnlyList<string> records)
    {
        var shown = "";
        return Patience.UntilAsync(
            async () =>
            {
                shown = string.Join('\n', from view in await Sg.ListAllAsync() where view.Value.Origin == "fr" orderby view.Key select TextOf(view.Value));
                return shown == string.Join('\n', from view in await Fr.ListAllAsync() where records.Contains(view.Value.RecordId) orderby view.Key select TextOf(view.Value));
            },
            () => $"sg to hold the {records.Count} records as fr shows them; it has {shown}");
    }

    private static string TextOf(RecordView view) => $"{view.RecordId} {view.Envelope} {string.Join(' ', view.Parts.Select(part => part.Part))}";

    // While fr is away nothing older comes back, and what uk does not hold any more is taken back.
    private async Task SeeNothingOlderAsync(string revised, params string[] gone)
    {
        await federation.SettleAsync("uk", "sg");
        await Uk.WaitForOutboundAsync("sg", ledger => ledger is { State: OutboundState.Active, Sweeping: false });
        await federation.SettleAsync("uk", "sg");
        Assert.Contains("second", TextOf(await Sg.GetAsync("fr", revised)), StringComparison.Ordinal);
        foreach (var record in gone)
            Assert.Null(await Sg.FindAsync("fr", record));
    }

    private async Task GoesOnAsync(string own, string passed)
    {
        await Fr.ReviseAsync(passed, 1, OnwardSteps.Open("revised after the restore", "at last"));
        await Sg.WaitForRecordAsync("fr", passed, view => view.Envelope.Title == "revised after the restore");
        Assert.NotNull(await Sg.FindAsync("uk", own));
        await Uk.ApplyPolicyAsync("sg", "version: 1\nceiling: RED\nrules:\n  - name: others\n    allow:\n      origins: [fr]\n");
        await Sg.WaitForAbsenceAsync("uk", own);
        Assert.NotNull(await Sg.FindAsync("fr", passed));
    }

    private string Versions(params string[] records) => string.Join(' ', records.Select(record =>
    {
        using var database = Sg.OpenDatabase();
        return database.Scalar($"SELECT version FROM record WHERE rid = {Literal(record)}");
    }));

    private LedgerOperation LastOperation(string record)
    {
        using var database = Sg.OpenDatabase();
        using var row = database.Use($"SELECT e.leaf FROM record r JOIN in_entry e ON e.src = r.source AND e.seq = r.seq WHERE r.rid = {Literal(record)}");
        Assert.True(row.Step() && Leaf.TryRead(row.Span(0), out _, out _));
        return Leaf.TryRead(row.Span(0), out var leaf, out _) ? leaf.Operation : default;
    }

    private static string Literal(string record) => $"x'{Convert.ToHexString(RecordId.Parse(record).ToBytes())}'";

    private async Task VerifyAsync()
    {
        Assert.Equal(InboundState.Tailing, (await Sg.InboundAsync("uk")).State);
        Assert.Empty(await Sg.EvidenceAsync("uk"));
        Assert.Empty(await Uk.EvidenceAsync("sg"));
        foreach (var node in federation.Nodes)
            await node.StopAsync();
        using (var database = Uk.OpenDatabase())
            Assert.Equal(0, database.Scalar($"SELECT count(*) FROM record WHERE source = 0 AND origin <> x'{Convert.ToHexString(InstituteId.Parse("uk").ToBytes())}'"));
        foreach (var node in federation.Nodes)
        {
            await using var store = SqliteNodeStore.Open(node.DatabasePath, "reading", failure => Assert.Fail($"{failure}"));
            await LedgerCheck.PassAsync(store, settled: false, Now);
        }
    }
}
