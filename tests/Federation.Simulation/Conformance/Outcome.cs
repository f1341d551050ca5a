using Grpc.Core;

namespace Federation.Simulation.Conformance;

/// <summary>Puts results of calls into words that both transports can be held to.</summary>
internal static class Outcome
{
    public static async Task<string> OfAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return $"{await call()}";
        }
        catch (RpcException exception)
        {
            return $"{Of(exception.Status)} {Of(exception.Trailers)}";
        }
        catch (Exception exception)
        {
            return $"{exception.GetType().Name}";
        }
    }

    public static string OfGetter<T>(Func<T> getter)
    {
        try
        {
            return getter() switch
            {
                Status status => Of(status),
                Metadata metadata => Of(metadata),
                var value => $"{value}",
            };
        }
        catch (InvalidOperationException exception)
        {
            return $"InvalidOperationException: {exception.Message}";
        }
    }

    public static string Of(Status status) => $"{status.StatusCode} '{status.Detail}'";

    /// <summary>Only application entries: what a transport adds of its own is no part of the behaviour.</summary>
    public static string Of(Metadata metadata)
    {
        var entries = metadata.Where(static entry => entry.Key.StartsWith("x-", StringComparison.Ordinal))
            .Select(static entry => $"{entry.Key}={(entry.IsBinary ? Convert.ToHexString(entry.ValueBytes) : entry.Value)}")
            .Order(StringComparer.Ordinal);
        return $"[{string.Join(' ', entries)}]";
    }
}
