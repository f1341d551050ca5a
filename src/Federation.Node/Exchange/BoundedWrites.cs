using Grpc.Core;

namespace Federation.Node.Exchange;

/// <summary>Hands messages to the transport; a partner that does not read for <see cref="ExchangeLimits.WriteDeadline"/> loses its stream.</summary>
internal static class BoundedWrites
{
    /// <summary>Hands over one message.</summary>
    /// <exception cref="OperationCanceledException">It was not taken in time, or the stream ended.</exception>
    public static async Task WriteInTimeAsync<T>(this IServerStreamWriter<T> writer, T message, TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ExchangeLimits.WriteDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        await writer.WriteAsync(message, either.Token);
    }
}
