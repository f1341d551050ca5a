using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Federation.Node.Tests.Scenarios;

/// <summary>I11 on real nodes: embargoes end by timer, never while the clock is in doubt, and once ended stay so.</summary>
public sealed class EmbargoReleaseTests
{
    private const string AnHourLater = """
        version: 1
        ceiling: AMBER
        rules:
          - name: practices
            allow:
              kinds: [practice]
          - name: flaws-later
            allow:
              kinds: [flaw]
            embargo: {after_publication: 1h}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task I11_an_embargo_that_ended_before_a_restart_is_not_put_back_by_a_clock_in_doubt()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Everything);
        var (uk, jp) = (federation["uk"], federation["jp"]);
        var released = await uk.PublishAsync(Held("ends before the restart", TimeSpan.FromSeconds(1.5)));
        await federation.SettleAsync("uk", "jp");
        Assert.Null(await jp.FindAsync("uk", released));
        await jp.WaitForRecordAsync("uk", released);

        await uk.StopAsync();
        uk.ClockIsConfirmed = false;
        await uk.StartAsync();
        Assert.False((await uk.Operator.GetClockAsync(new GetClockRequest(), cancellationToken: Token)).Trusted);
        // Every record is judged again by the clock in doubt; the second one's embargo ends after what is known to have passed.
        await uk.ApplyPolicyAsync("jp", TestPolicies.WithoutReproduction);
        var doubtful = await uk.PublishAsync(Held("ends after the restart", TimeSpan.Zero));
        await uk.ReviseAsync(released, 1, Held("ended before the restart", TimeSpan.FromHours(-1)));
        await federation.SettleAsync("uk", "jp");
        await federation.SettleAsync("uk", "jp");

        Assert.Equal("ended before the restart", (await jp.FindAsync("uk", released))!.Envelope.Title);
        Assert.Null(await jp.FindAsync("uk", doubtful));

        await uk.Operator.ConfirmClockAsync(new ConfirmClockRequest(), cancellationToken: Token);
        await jp.WaitForRecordAsync("uk", doubtful);
    }

    [Fact]
    public async Task I11_a_node_whose_clock_nobody_vouches_for_releases_nothing()
    {
        await using var federation = await TestFederation.StartPairAsync("uk", "jp", TestPolicies.Everything);
        var (uk, jp) = (federation["uk"], federation["jp"]);
        await uk.StopAsync();
        uk.ClockIsConfirmed = false;
        await uk.StartAsync();
        var held = await uk.PublishAsync(Held("ends at once", TimeSpan.Zero));
        await federation.SettleAsync("uk", "jp");
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Token);
        await federation.SettleAsync("uk", "jp");
        Assert.Null(await jp.FindAsync("uk", held));
        Assert.Equal(2UL, (await uk.OutboundAsync("jp")).Appended);
    }

    [Fact]
    public async Task I11_a_rule_that_holds_records_back_after_publication_lets_them_go_by_a_timer()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var uk = await TestNode.StartNewAsync("uk", time: time);
        await uk.AddPartnerAsync(new TestInstitute("jp").Card, share: true);
        await uk.ApplyPolicyAsync("jp", AnHourLater);
        await uk.PublishAsync(Drafts.Flaw("an hour later"));
        var late = Drafts.Flaw("three hours later, by its own embargo");
        late.EmbargoUntil = Timestamp.FromDateTimeOffset(time.GetUtcNow().AddHours(3));
        await uk.PublishAsync(late);

        var published = time.GetUtcNow();
        await uk.PublishAsync(Drafts.Practice("at once"));
        await AdvanceUntilAsync(time, uk, 1);
        await AdvanceToAsync(time, published.AddMinutes(59));
        Assert.Equal(1UL, (await uk.OutboundAsync("jp")).Appended);
        await AdvanceUntilAsync(time, uk, 2);
        Assert.InRange(time.GetUtcNow(), published.AddHours(1).AddSeconds(-1), published.AddHours(1).AddMinutes(10));

        await AdvanceToAsync(time, published.AddMinutes(179));
        Assert.Equal(2UL, (await uk.OutboundAsync("jp")).Appended);
        await AdvanceUntilAsync(time, uk, 3);
        Assert.Empty(uk.Log.UnexpectedErrors);
    }

    private static RecordDraft Held(string title, TimeSpan from)
    {
        var draft = Drafts.Flaw(title);
        draft.EmbargoUntil = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow() + from);
        return draft;
    }

    // Minute by minute, so that what waits is woken at its time and not after it; what a timer starts is given a moment.
    private static async Task AdvanceToAsync(FakeTimeProvider time, DateTimeOffset moment)
    {
        while (time.GetUtcNow() < moment)
        {
            time.Advance(TimeSpan.FromMinutes(1) < moment - time.GetUtcNow() ? TimeSpan.FromMinutes(1) : moment - time.GetUtcNow());
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
        }
    }

    private static Task AdvanceUntilAsync(FakeTimeProvider time, TestNode node, ulong appended) => Patience.UntilAsync(
        async () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return (await node.OutboundAsync("jp")).Appended == appended;
        },
        () => $"{appended} entries");
}
