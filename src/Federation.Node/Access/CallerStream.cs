using System.Runtime.CompilerServices;
using Grpc.Core;

namespace Federation.Node.Access;

/// <summary>Reads what a caller streams. A caller that resets its stream has gone; that is no fault of the node, unlike any other I/O error.</summary>
internal static class CallerStream
{
    /// <summary>Whether there is a next request; <see cref="OperationCanceledException"/> if the caller has gone.</summary>
    public static async Task<bool> NextAsync<TRequest>(this IAsyncStreamReader<TRequest> requests, CancellationToken cancellationToken)
    {
        try
        {
            return await requests.MoveNext(cancellationToken);
        }
        catch (IOException reset)
        {
            throw new OperationCanceledException("the caller reset its stream", reset);
        }
    }

    /// <summary>The requests up to the end that the caller sets; <see cref="OperationCanceledException"/> if it has gone before.</summary>
    public static async IAsyncEnumerable<TRequest> UntilEndAsync<TRequest>(
        this IAsyncStreamReader<TRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await requests.NextAsync(cancellationToken))
            yield return requests.Current;
    }
}
