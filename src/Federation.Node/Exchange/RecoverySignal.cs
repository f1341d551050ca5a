namespace Federation.Node.Exchange;

/// <summary>Tells that a ledger was found to lack its end.</summary>
internal sealed class RecoverySignal
{
    // Completed and replaced with each raise.
    private volatile TaskCompletionSource raised = NewSignal();

    /// <summary>Completes when the signal is raised after this call.</summary>
    public Task Next => raised.Task;

    /// <summary>Wakes whoever gets ledgers back.</summary>
    public void Raise() => Interlocked.Exchange(ref raised, NewSignal()).TrySetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
