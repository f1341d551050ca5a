namespace Federation.Node.Operations;

/// <summary>What operators see of the scrub, and by which they start it.</summary>
internal sealed class ScrubBoard
{
    private readonly Lock gate = new();

    // Guarded by the gate.
    private readonly SortedDictionary<string, ScrubItem> items = new(StringComparer.Ordinal);
    private TaskCompletionSource wanted = NewSignal();
    private bool running;

    /// <summary>Whether a pass is under way, and how each thing stands.</summary>
    public (bool Running, IReadOnlyList<ScrubItem> Items) Read()
    {
        lock (gate)
            return (running, [.. items.Values]);
    }

    /// <summary>Completes once an operator wants a pass.</summary>
    public Task Wanted
    {
        get
        {
            lock (gate)
                return wanted.Task;
        }
    }

    /// <summary>An operator wants a pass; one that is under way is enough.</summary>
    public void Start()
    {
        lock (gate)
        {
            if (!running)
                wanted.TrySetResult();
        }
    }

    /// <summary>A pass begins.</summary>
    public void Begin()
    {
        lock (gate)
        {
            running = true;
            wanted = NewSignal();
        }
    }

    /// <summary>What there is to check; what was shown before is no longer shown.</summary>
    public void Show(IReadOnlyList<ScrubItem> things)
    {
        lock (gate)
        {
            items.Clear();
            foreach (var item in things)
                items[item.Key] = item;
        }
    }

    /// <summary>How one thing stands now.</summary>
    public void Note(ScrubItem item)
    {
        lock (gate)
            items[item.Key] = item;
    }

    /// <summary>The pass is over.</summary>
    public void End()
    {
        lock (gate)
            running = false;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
