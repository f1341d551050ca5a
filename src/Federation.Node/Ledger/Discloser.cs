using Federation.Node.Partners;
using Federation.Node.Storage;

namespace Federation.Node.Ledger;

/// <summary>
/// Keeps every partner's ledger in step with what the partner may see. At each tick at which there is work it
/// (1) takes one chunk of a pending sweep, (2) judges again, in one round, the records that changed before the tick, whose timers are due or
/// that send guards hold, and what refers to records that came into sight or went out of it, (3) publishes the sizes, so that streams may
/// cut short batches. Further chunks of a sweep follow at once, the rest once a tick. Recovery is the same path: it starts from the stored
/// position and judges what it finds.
/// </summary>
internal sealed class Discloser : BackgroundService
{
    // A round is planned in memory; what is planned for a record grows with the number of partners.
    private const int MostChanges = 50_000;
    private const int MostPlans = 300_000;
    private const int LeastChanges = 500;
    private static readonly TimeSpan FullStorePause = TimeSpan.FromSeconds(1);

    // An embargo further away is waited for in pieces: a timer has an upper bound of its own.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly INodeStore store;
    private readonly RosterSource roster;
    private readonly HoldQueue holds;
    private readonly Publication publication;
    private readonly ReleaseClock clock;
    private readonly TimeProvider time;
    private readonly ILogger<Discloser> logger;
    private readonly LedgerAppender appender;
    private readonly JudgedPartners judged;
    private readonly ReconcileRound round;
    private readonly Sweeper sweeper;

    private long position;
    private long? nextTimerMs;
    private long publishedTick;

    public Discloser(
        INodeStore store, RosterSource roster, NodeIdentity identity, HoldQueue holds, Publication publication, ReleaseClock clock, LedgerAudits audits,
        TimeProvider time, ILogger<Discloser> logger)
    {
        this.store = store;
        this.roster = roster;
        this.holds = holds;
        this.publication = publication;
        this.time = time;
        this.logger = logger;
        this.clock = clock;
        appender = new LedgerAppender(store, audits, time, logger);
        judged = new JudgedPartners(store, roster);
        round = new ReconcileRound(store, roster, judged, appender, identity, clock, logger);
        sweeper = new Sweeper(store, roster, appender, round, clock, logger);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var snapshot = await store.ReadNodeAsync(stoppingToken);
        appender.Reset(snapshot);
        position = snapshot.SequencerPosition;
        nextTimerMs = 0;
        LedgerLog.Started(logger, position, snapshot.Ledgers.Count);
        var sweeping = true;
        while (true)
        {
            // The signal is taken before the work, so that a change of the roster during it is not missed.
            var rosterChanged = roster.NextChange;
            try
            {
                if (!sweeping)
                    await Ticks.AlignAsync(time, stoppingToken);
                sweeping = await DrainAsync(stoppingToken);
                if (!sweeping)
                    await WaitForWorkAsync(rosterChanged, stoppingToken);
            }
            catch (StoreFullException)
            {
                LedgerLog.StoreFull(logger);
                appender.Reset(await store.ReadNodeAsync(stoppingToken));
                sweeper.Reset();
                await Task.Delay(FullStorePause, time, stoppingToken);
            }
        }
    }

    // Returns whether a sweep is still pending.
    private async Task<bool> DrainAsync(CancellationToken cancellationToken)
    {
        var target = store.LastChangedN;
        var node = await store.ReadNodeAsync(cancellationToken);
        NoticeTerms(node);
        judged.Look(node);
        var sweeping = node.Sweeps.Count > 0 && await sweeper.StepAsync(node, target, cancellationToken);
        // At what pace one partner's sweep goes on is not for the others to see.
        if (sweeping && Ticks.Number(time) == publishedTick)
            return true;
        if (node.Sweeps.Count > 0)
            judged.Look(await store.ReadNodeAsync(cancellationToken));
        await ReconcilePendingAsync(target, cancellationToken);
        publishedTick = Ticks.Number(time);
        publication.Publish(SizesToPublish());
        return sweeping;
    }

    // Nothing of a ledger that was got back, or begins anew, is published before its sweep is over: what was published is of another one.
    private void NoticeTerms(NodeSnapshot node)
    {
        var moved = appender.MovedIn(node);
        if (moved.Count == 0)
            return;
        appender.Reset(node);
        sweeper.Reset();
        publication.Publish(publication.Current.Sizes.ToDictionary(s => s.Key, s => moved.Contains(s.Key) ? 0 : s.Value));
    }

    // One does not move while a sweep of its partner is under way: a sweep is seen whole or not at all, and one that changes nothing is not seen.
    private Dictionary<int, ulong> SizesToPublish() => appender.Sizes.ToDictionary(
        size => size.Key, size => judged.IsSwept(size.Key) ? publication.Current.SizeOf(size.Key) : size.Value);

    private async Task ReconcilePendingAsync(long target, CancellationToken cancellationToken)
    {
        var held = new HashSet<(int Partner, long Rec)>();
        var limit = Math.Clamp(MostPlans / Math.Max(1, roster.Current.Partners.Count), LeastChanges, MostChanges);
        while (true)
        {
            held.UnionWith(holds.TakeAll());
            var named = held.Select(hold => hold.Rec).Distinct().Order().ToList();
            var pending = await store.ReadPendingAsync(position, Math.Min(target, position + limit), clock.NowMs, named, cancellationToken);
            var progress = new AppendProgress { Position = pending.UpToN, TimersCleared = pending.Timers, FlipsDone = pending.Flips };
            if ((!pending.IsEmpty || appender.WantsPosition)
                && !await round.RunAsync(new RoundWork { Recs = pending.Recs, Held = held, Progress = progress }, cancellationToken))
            {
                // Where the same records are written again and again, a smaller round is over before the next write.
                limit = Math.Max(LeastChanges, limit / 4);
                continue;
            }

            held.Clear();
            position = Math.Max(position, pending.UpToN);
            nextTimerMs = pending.NextTimerMs;
            // What was judged may have set timers: only a reading that finds nothing knows the next one.
            if (pending.IsEmpty && position >= target)
                return;
        }
    }

    private async Task WaitForWorkAsync(Task rosterChanged, CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waits = new List<Task> { store.WaitForChangeAsync(position, woken.Token), holds.WaitAsync(), rosterChanged };
        if (nextTimerMs is { } at)
        {
            var away = TimeSpan.FromMilliseconds(Math.Max(1, at - clock.NowMs));
            waits.Add(Task.Delay(away < LongestWait ? away : LongestWait, time, woken.Token));
            if (!clock.Trusted.IsCompleted)
                waits.Add(clock.Trusted);
        }

        await Task.WhenAny(waits);
        await woken.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
