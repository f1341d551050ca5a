using Federation.Protocol.Errors;

namespace Federation.Node.Access;

/// <summary>Ends calls when the node stops: new writes are refused, long streams end with a reason instead of a broken connection.</summary>
internal sealed class Shutdown : IDisposable
{
    private readonly CancellationTokenSource source = new();

    /// <summary>Cancelled once the node stops.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Begins the stop.</summary>
    public Task BeginAsync() => source.CancelAsync();

    /// <summary>Throws if the node is stopping.</summary>
    public void Refuse()
    {
        if (source.IsCancellationRequested)
            throw FederationError.Exception(FederationReason.ShuttingDown, "the node is shutting down");
    }

    /// <summary>Runs a stream until it ends, its caller goes or the node stops.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> stream, CancellationToken callerGone)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(callerGone, source.Token);
        try
        {
            Refuse();
            await stream(either.Token);
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested && !callerGone.IsCancellationRequested)
        {
            Refuse();
        }
    }

    public void Dispose() => source.Dispose();
}
