using Federation.Node.Storage.Sqlite;
using Federation.Node.Tests.Infrastructure;
using Federation.Node.Tests.Storage;
using Xunit;

namespace Federation.Node.Tests.Scenarios;

/// <summary>What is pruned after the audit period, and that nobody misses it.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private const int Records = 20;
    private const int Revisions = 19;

    private readonly List<string> records = [];
    private readonly TestFederation federation = TestFederation.Empty();

    private TestNode Origin => federation["uk"];

    private TestNode Follower => federation["jp"];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        federation.Add(await TestNode.StartNewAsync("uk", options => options.AuditPeriodDays = 0));
        federation.Add(await TestNode.StartNewAsync("jp"));
        await federation.LetFollowAsync("uk", "jp", TestPolicies.Green);
        for (var i = 0; i < Records; i++)
            records.Add(await Origin.PublishAsync(Drafts.Flaw($"flaw {i}")));
        await federation.SettleAsync("uk", "jp");
        await Follower.StopAsync();
        Follower.SaveDatabase();
        await Follower.StartAsync();
        for (uint revision = 1; revision <= Revisions; revision++)
        {
            foreach (var record in records)
                await Origin.ReviseAsync(record, revision, Drafts.Flaw($"revision {revision} of {record}"));
            await federation.SettleAsync("uk", "jp");
        }
    }

    public ValueTask DisposeAsync() => federation.DisposeAsync();

    [Fact]
    public async Task Superseded_rows_go_after_receipt_and_a_follower_that_was_away_for_longer_gets_everything()
    {
        var appended = (await Origin.OutboundAsync("jp")).Appended;
        Assert.True(appended > 300, $"{appended} entries");
        await Origin.WaitForOutboundAsync("jp", l => l.Receipted == appended);
        var before = CountRows();
        await Origin.StopAsync();
        await Origin.StartAsync();
        // The live ones, and what lies in the last tile.
        var kept = Records + Revisions + 1 + (int)(appended % 256);
        await Patience.UntilAsync(() => Task.FromResult(CountRows() <= kept), () => $"{kept} rows of {before}");

        await Follower.StopAsync();
        Follower.RestoreDatabase();
        await Follower.StartAsync();
        await federation.SettleAsync("uk", "jp");

        var held = await Follower.ListAllAsync();
        Assert.All(records, record => Assert.Equal($"revision {Revisions} of {record}", held[$"uk/{record}"].Envelope.Title));
        Assert.Empty(await Follower.EvidenceAsync("uk"));
        var history = await Origin.Operator.ListDisclosuresAsync(
            new V1.Node.ListDisclosuresRequest { Partner = "jp", RecordId = records[0] }, cancellationToken: Now);
        Assert.All(history.Entries, entry => Assert.Equal(records[0], entry.RecordId));
        await Follower.StopAsync();
        await using var store = SqliteNodeStore.Open(Follower.DatabasePath, "reading", failure => Assert.Fail($"{failure}"));
        await LedgerCheck.PassAsync(store, settled: false, Now);
    }

    [Fact]
    public async Task Nothing_goes_before_the_partner_has_receipted_what_superseded_it()
    {
        await Follower.StopAsync();
        var receipted = (await Origin.OutboundAsync("jp")).Receipted;
        foreach (var record in records)
            await Origin.ReviseAsync(record, Revisions + 1, Drafts.Flaw("not receipted"));
        for (uint revision = Revisions + 2; revision < Revisions + 20; revision++)
        {
            foreach (var record in records)
                await Origin.ReviseAsync(record, revision, Drafts.Flaw($"not receipted {revision}"));
        }

        var appended = receipted;
        await Origin.WaitForOutboundAsync("jp", l => l.Appended > receipted + Records && l.Appended == Interlocked.Exchange(ref appended, l.Appended));
        await Origin.StopAsync();
        await Origin.StartAsync();
        await Patience.UntilAsync(() => Task.FromResult(CountRows(below: receipted) < Records * 3 + (int)(receipted % 256)), () => "pruning below the receipt");
        // Everything above the receipt is still there.
        Assert.Equal(CountAbove(receipted), CountRows() - CountRows(below: receipted));
        await Follower.StartAsync();
        await federation.SettleAsync("uk", "jp");
    }

    private int CountAbove(ulong receipted)
    {
        using var session = Origin.OpenDatabase();
        return (int)(session.Scalar("SELECT size FROM ledger_head")!.Value - (long)receipted);
    }

    private int CountRows(ulong below = long.MaxValue)
    {
        using var session = Origin.OpenDatabase();
        using var row = session.Use("SELECT count(*) FROM ledger WHERE seq < ?1").Bind(1, below);
        row.Step();
        return row.Int32(0);
    }
}
