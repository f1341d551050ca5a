namespace Federation.Node.Exchange;

/// <summary>When a newer head of each followed partner last came. A head that says no later time than the one before is not news: it may be an old one, shown again.</summary>
internal sealed class HeardHeads(TimeProvider time)
{
    private readonly Lock gate = new();

    // Guarded by the gate.
    private readonly SortedDictionary<int, HeardHead> heard = [];

    /// <summary>Begins to wait for a partner's heads, unless it is waited for.</summary>
    public void Expect(int partner)
    {
        lock (gate)
            heard.TryAdd(partner, new HeardHead(-1, 0, time.GetTimestamp()));
    }

    /// <summary>Takes the time in a verified head.</summary>
    public void Hear(int partner, long headMs)
    {
        lock (gate)
        {
            if (!heard.TryGetValue(partner, out var last) || headMs > last.HeadMs)
                heard[partner] = new HeardHead(headMs, time.GetUtcNow().ToUnixTimeMilliseconds(), time.GetTimestamp());
        }
    }

    /// <summary>Waits no longer for a partner's heads.</summary>
    public void Forget(int partner)
    {
        lock (gate)
            heard.Remove(partner);
    }

    /// <summary>The newest head of a partner; null while it is not waited for.</summary>
    public HeardHead? Of(int partner)
    {
        lock (gate)
            return heard.GetValueOrDefault(partner);
    }

    /// <summary>How long a partner's heads have been due for, if three in a row stayed away; null otherwise.</summary>
    public TimeSpan? OverdueFor(int partner) =>
        Of(partner) is { } last && time.GetElapsedTime(last.Timestamp) is var silent && silent > ExchangeLimits.SilenceLimit ? silent : null;
}
