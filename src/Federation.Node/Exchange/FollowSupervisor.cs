using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Grpc.Core;
using Polly;
using Polly.Retry;

namespace Federation.Node.Exchange;

/// <summary>
/// Keeps one follower running for each partner that is to be followed: compares what is wanted with what runs, stops the stale, starts
/// the new. Polly repeats whole attempts, and nothing below it retries. One partner's fault stops no other.
/// </summary>
internal sealed class FollowSupervisor(FollowerNeeds needs, RosterSource roster) : BackgroundService
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan IncompatibleDelay = TimeSpan.FromHours(1);
    private static readonly TimeSpan OverQuotaDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FullStoreDelay = TimeSpan.FromSeconds(1);

    // Owned by the loop of ExecuteAsync.
    private readonly SortedDictionary<int, (Partner Partner, CancellationTokenSource Stop, Task Run)> running = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                // Taken before comparing, so that a change in between is not missed.
                var changed = roster.NextChange;
                await CompareAsync(stoppingToken);
                await changed.WaitAsync(stoppingToken);
            }
        }
        finally
        {
            foreach (var number in running.Keys.ToList())
                await StopAsync(number);
        }
    }

    private async Task CompareAsync(CancellationToken stoppingToken)
    {
        var halted = (await needs.Store.ReadNodeAsync(stoppingToken)).Followers
            .Where(f => f.State == FollowState.Halted).ToDictionary(f => f.Partner, f => f.Fault);
        var wanted = roster.Current.Partners.Where(p => p.Follow).ToDictionary(p => p.Number);
        foreach (var (number, follower) in running.ToList())
        {
            var same = wanted.TryGetValue(number, out var partner) && partner.Card.Equals(follower.Partner.Card)
                && partner.OwnLists.SequenceEqual(follower.Partner.OwnLists);
            if (!same || follower.Run.IsCompleted)
                await StopAsync(number);
        }

        foreach (var partner in wanted.Values.OrderBy(p => p.Number))
        {
            if (halted.TryGetValue(partner.Number, out var fault))
                needs.Statuses.Set(partner.Number, FollowerState.Halted, fault);
            else if (!running.ContainsKey(partner.Number))
                Start(partner, stoppingToken);
        }
    }

    private void Start(Partner partner, CancellationToken stoppingToken)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        running.Add(partner.Number, (partner, stop, Task.Run(() => KeepFollowingAsync(partner, stop.Token), CancellationToken.None)));
    }

    private async Task StopAsync(int number)
    {
        var (_, stop, run) = running[number];
        running.Remove(number);
        await stop.CancelAsync();
        await run;
        stop.Dispose();
    }

    private async Task KeepFollowingAsync(Partner partner, CancellationToken cancellationToken)
    {
        var pipeline = BuildPipeline(partner);
        try
        {
            while (true)
            {
                // An attempt that brought something ends the series of retries, so that the next loss starts with a short delay.
                await pipeline.ExecuteAsync(token => AttemptAsync(partner, token), cancellationToken);
                await Task.Delay(FirstDelay, needs.Time, cancellationToken);
            }
        }
        catch (LedgerHaltedException halt)
        {
            await HaltAsync(partner, halt, cancellationToken);
        }
        catch (FollowerStoppedException stopped)
        {
            needs.Statuses.Set(partner.Number, FollowerState.Halted, stopped.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped from outside.
        }
        catch (Exception failure)
        {
            // A fault of the store ends the process elsewhere; any other is a mistake in the program and must not take others along.
            ExchangeLog.Failed(needs.Logger, partner.Institute, failure);
            needs.Statuses.Set(partner.Number, FollowerState.Disconnected, failure.Message);
        }
    }

    private async ValueTask AttemptAsync(Partner partner, CancellationToken cancellationToken)
    {
        try
        {
            await new PartnerFollower(needs, partner).RunAsync(cancellationToken);
        }
        catch (Exception broken) when (broken is RpcException or PartnerLostException && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(broken.Message, broken, cancellationToken);
        }
        catch (PartnerLostException lost)
        {
            ExchangeLog.Lost(needs.Logger, partner.Institute, lost.Message, FirstDelay);
            needs.Statuses.Set(partner.Number, FollowerState.Disconnected, lost.Message);
        }
    }

    // A full disk only delays the evidence: the ledger stays halted meanwhile, and a restart finds the same fault again.
    private async Task HaltAsync(Partner partner, LedgerHaltedException halt, CancellationToken cancellationToken)
    {
        var row = (await needs.Store.ReadNodeAsync(CancellationToken.None)).Followers.First(f => f.Partner == partner.Number);
        ExchangeLog.Halted(needs.Logger, partner.Institute, row.Size, halt.Message);
        var evidence = new EvidenceWrite
        {
            Partner = partner.Number,
            Fault = halt.Fault,
            Detail = halt.Detail,
            NowMs = needs.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            Objects = halt.Objects,
            HaltsFollower = true,
            Reset = halt.Reset,
        };
        while (!await TrySaveAsync(evidence) && !cancellationToken.IsCancellationRequested)
        {
            needs.Statuses.Set(partner.Number, FollowerState.Halted, halt.Message);
            await Task.Delay(FullStoreDelay, needs.Time, CancellationToken.None);
        }

        // Whoever reads that the ledger is halted finds the evidence.
        needs.Statuses.Set(partner.Number, FollowerState.Halted, halt.Message);
    }

    private async Task<bool> TrySaveAsync(EvidenceWrite evidence)
    {
        try
        {
            await needs.Store.SaveEvidenceAsync(evidence, CancellationToken.None);
            return true;
        }
        catch (StoreFullException)
        {
            return false;
        }
    }

    private ResiliencePipeline BuildPipeline(Partner partner) => new ResiliencePipelineBuilder { TimeProvider = needs.Time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Randomizer = needs.Random.NextDouble,
            Delay = FirstDelay,
            MaxDelay = LongestDelay,
            ShouldHandle = new PredicateBuilder().Handle<Exception>(e => e is RpcException or OverQuotaException or StoreFullException or CursorMovedException or HttpRequestException),
            DelayGenerator = arguments => ValueTask.FromResult(DelayFor(arguments.Outcome.Exception)),
            OnRetry = arguments =>
            {
                NoteLoss(partner, arguments.Outcome.Exception!, arguments.RetryDelay);
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    private static TimeSpan? DelayFor(Exception? failure)
    {
        if (failure is OverQuotaException)
            return OverQuotaDelay;
        if (failure is not RpcException status)
            return null;
        if (IsIncompatible(status))
            return IncompatibleDelay;
        var pushback = status.Trailers.GetValue("grpc-retry-pushback-ms");
        return int.TryParse(pushback, out var milliseconds) && milliseconds >= 0 ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, 600_000)) : null;
    }

    private void NoteLoss(Partner partner, Exception failure, TimeSpan delay)
    {
        var cause = failure is RpcException status ? $"{status.StatusCode}: {status.Status.Detail}" : failure.Message;
        ExchangeLog.Lost(needs.Logger, partner.Institute, cause, delay);
        var state = failure switch
        {
            OverQuotaException => FollowerState.OverQuota,
            RpcException refused when IsIncompatible(refused) => FollowerState.Incompatible,
            _ => FollowerState.Disconnected,
        };
        needs.Statuses.Set(partner.Number, state, cause);
    }

    private static bool IsIncompatible(RpcException status) =>
        FederationError.TryRead(status, out var reason, out _) && reason == FederationReason.VersionUnsupported;
}
