using Federation.Protocol.Errors;
using Federation.Simulation.World;
using Grpc.Core;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>Repeats a call until its outcome is known, as a client with idempotency keys does.</summary>
internal sealed class PatientCaller(NodeLife life, Rng rng, Season season)
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_glance = TimeSpan.FromSeconds(5);

    /// <summary>The answer, or null and the reason when the node refuses.</summary>
    public async Task<(T? Answer, FederationReason? Refusal)> CallAsync<T>(string what, Func<DateTime, AsyncUnaryCall<T>> call)
        where T : class
    {
        while (true)
        {
            try
            {
                var answer = await call((life.Time.GetUtcNow() + s_deadline).UtcDateTime);
                season.Count(what);
                return (answer, null);
            }
            catch (RpcException failure) when (failure.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled)
            {
                season.Count($"{what} repeated");
            }
            catch (RpcException failure) when (FederationError.TryRead(failure, out var reason, out _))
            {
                if (reason == FederationReason.StoreFull)
                {
                    season.Count($"{what} without room");
                    await Task.Delay(rng.Between(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(2)), life.Time);
                    continue;
                }

                season.Count($"{what} refused");
                life.World.Trace($"{life} {what}: {failure.Status.Detail}");
                return (null, reason);
            }

            await Task.Delay(rng.Between(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(2)), life.Time);
        }
    }

    /// <summary>Waits for about a time, or until the calm.</summary>
    public async Task PauseAsync(TimeSpan mean)
    {
        var until = life.World.Now + rng.Between(TimeSpan.Zero, mean * 2);
        while (life.World.Now < until && !season.Calm)
        {
            var rest = until - life.World.Now;
            await Task.Delay(rest < s_glance ? rest + TimeSpan.FromMilliseconds(1) : s_glance, life.Time);
        }
    }
}
