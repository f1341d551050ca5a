using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Federation.Node.Tests.Exchange;

/// <summary>R25: a partner that stops, or whose heads something in between holds back, is noticed by time alone.</summary>
public sealed class HeadWatchTests : IAsyncLifetime
{
    private const int Overdue = 3016;
    private const int Come = 3019;

    private static readonly RecordId First = RecordId.Parse("11111111-1111-1111-1111-111111111111");
    private static readonly RecordId Second = RecordId.Parse("22222222-2222-2222-2222-222222222222");

    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private HostileOrigin origin = null!;
    private TestNode node = null!;

    public async ValueTask InitializeAsync()
    {
        origin = await HostileOrigin.StartAsync("uk");
        node = await TestNode.StartNewAsync("jp", time: time);
        origin.Append(HostileEntry.Flaw(origin.Institute, First, "the first"));
        await node.AddPartnerAsync(origin.Institute.Card, follow: true);
        await AdvanceUntilAsync(async () => await node.FindAsync("uk", First.ToString()) is not null, "the first record");
    }

    public async ValueTask DisposeAsync()
    {
        await node.StopAsync();
        Assert.Empty(node.Log.UnexpectedErrors);
        await node.DisposeAsync();
        await origin.DisposeAsync();
    }

    [Fact]
    public async Task R25_an_old_head_shown_again_and_again_is_an_alarm_after_three_that_were_due()
    {
        // What comes is signed, of the right size and of no earlier time: nothing but the clock can tell that it is old.
        var frozen = 0L;
        origin.Tamper = batch => batch.Head = batch.Head with { TimeMs = Interlocked.CompareExchange(ref frozen, batch.Head.TimeMs, 0) is var held and > 0 ? held : batch.Head.TimeMs };
        origin.Disconnect();
        await AdvanceUntilAsync(() => Task.FromResult(Interlocked.Read(ref frozen) > 0), "a head that is shown again");
        await AdvanceAsync(TimeSpan.FromSeconds(60));
        Assert.False((await node.InboundAsync("uk")).HeadsOverdue);

        await AdvanceUntilAsync(async () => (await node.InboundAsync("uk")).HeadsOverdue, "an alarm");

        var ledger = await node.InboundAsync("uk");
        Assert.NotEqual(InboundState.Halted, ledger.State);
        Assert.InRange(time.GetUtcNow() - ledger.HeardAt.ToDateTimeOffset(), TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(150));
        await AdvanceAsync(TimeSpan.FromMinutes(3));
        Assert.True((await node.InboundAsync("uk")).HeadsOverdue);
        Assert.Single(node.Log.Lines, l => l.EventId == Overdue);

        origin.Tamper = null;
        origin.Append(HostileEntry.Flaw(origin.Institute, Second, "the second"));
        await AdvanceUntilAsync(async () => await node.FindAsync("uk", Second.ToString()) is not null, "the second record");
        await AdvanceUntilAsync(() => Task.FromResult(node.Log.Lines.Any(l => l.EventId == Come)), "the end of the alarm");
        Assert.False((await node.InboundAsync("uk")).HeadsOverdue);
    }

    [Fact]
    public async Task R25_a_partner_that_can_not_be_reached_is_an_alarm_too()
    {
        origin.RefuseHello = new Grpc.Core.RpcException(new Grpc.Core.Status(Grpc.Core.StatusCode.Unavailable, "gone"));
        origin.Disconnect();

        await AdvanceUntilAsync(async () => (await node.InboundAsync("uk")).HeadsOverdue, "an alarm");

        await AdvanceUntilAsync(() => Task.FromResult(node.Log.Lines.Any(l => l.EventId == Overdue)), "a warning");
    }

    private async Task AdvanceAsync(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromSeconds(1))
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private Task AdvanceUntilAsync(Func<Task<bool>> holds, string what) => Patience.UntilAsync(
        async () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return await holds();
        },
        () => what);
}
