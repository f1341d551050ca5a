using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Federation.Protocol.Errors;
using Federation.Protocol.Records;

namespace Federation.Node.Access;

/// <summary>
/// Bounds the unary calls that one partner has under way. The bound is each partner's own, so that what one is refused depends on its
/// own calls alone; what is refused says when to try again.
/// </summary>
internal sealed class PartnerLoad
{
    /// <summary>The most unary calls of one partner at a time.</summary>
    public const int MaxUnaryCalls = 8;

    private const string PushbackMs = "1000";

    private readonly ConcurrentDictionary<InstituteId, StrongBox<int>> underWay = new();

    /// <summary>Runs a unary call, or refuses it.</summary>
    public async Task<T> RunAsync<T>(InstituteId partner, Func<Task<T>> call)
    {
        var count = underWay.GetOrAdd(partner, _ => new StrongBox<int>());
        if (Interlocked.Increment(ref count.Value) > MaxUnaryCalls)
        {
            Interlocked.Decrement(ref count.Value);
            var refusal = FederationError.Exception(FederationReason.RateLimited, $"at most {MaxUnaryCalls} calls at a time");
            refusal.Trailers.Add("grpc-retry-pushback-ms", PushbackMs);
            throw refusal;
        }

        try
        {
            return await call();
        }
        finally
        {
            Interlocked.Decrement(ref count.Value);
        }
    }
}
