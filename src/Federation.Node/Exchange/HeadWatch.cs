using Federation.Node.Partners;
using Federation.Protocol.Records;

namespace Federation.Node.Exchange;

/// <summary>
/// Raises an alarm when a partner's heads stay away (R25). An idle partner signs one every 30 seconds; three that are missed mean that it has
/// stopped, that the connection is cut, or that something in between keeps its news back. Nothing more can be known from here.
/// </summary>
internal sealed class HeadWatch(RosterSource roster, FollowerStatuses statuses, HeardHeads heads, TimeProvider time, ILogger<HeadWatch> logger) : BackgroundService
{
    // Owned by the loop.
    private readonly SortedDictionary<int, InstituteId> alarmed = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            Look();
            await Task.Delay(ExchangeLimits.HeadWatchEvery, time, stoppingToken);
        }
    }

    private void Look()
    {
        var followed = roster.Current.Partners.Where(p => p.Follow && IsExpected(p.Number)).ToDictionary(p => p.Number, p => p.Institute);
        foreach (var partner in roster.Current.Partners.Where(p => !followed.ContainsKey(p.Number)))
        {
            heads.Forget(partner.Number);
            alarmed.Remove(partner.Number);
        }

        foreach (var (number, institute) in followed)
        {
            heads.Expect(number);
            if (heads.OverdueFor(number) is { } silent)
            {
                if (alarmed.TryAdd(number, institute))
                    ExchangeLog.HeadsOverdue(logger, institute, (long)silent.TotalSeconds);
            }
            else if (alarmed.Remove(number))
            {
                ExchangeLog.HeadsCome(logger, institute);
            }
        }
    }

    // Where the follower itself does not listen, silence says nothing.
    private bool IsExpected(int partner) => statuses.Of(partner).State is not (FollowerState.Halted or FollowerState.Incompatible or FollowerState.OverQuota);
}
