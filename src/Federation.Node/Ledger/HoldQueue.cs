namespace Federation.Node.Ledger;

/// <summary>Records that a send guard held because they are no longer right; the discloser reconciles them first.</summary>
internal sealed class HoldQueue
{
    private readonly Lock gate = new();

    // Guarded by the gate. Sorted, so that the order does not depend on hashes; bounded by the streams, each of which holds one record.
    private readonly SortedSet<(int Partner, long Rec)> held = [];
    private TaskCompletionSource signal = NewSignal();

    /// <summary>Asks for one record of one partner to be reconciled at once.</summary>
    public void Add(int partner, long rec)
    {
        lock (gate)
        {
            held.Add((partner, rec));
            signal.TrySetResult();
        }
    }

    /// <summary>Completes when something is held.</summary>
    public Task WaitAsync()
    {
        lock (gate)
            return signal.Task;
    }

    /// <summary>Takes everything that is held.</summary>
    public IReadOnlyList<(int Partner, long Rec)> TakeAll()
    {
        lock (gate)
        {
            (int, long)[] taken = [.. held];
            held.Clear();
            if (signal.Task.IsCompleted)
                signal = NewSignal();
            return taken;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
