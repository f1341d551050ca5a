namespace Federation.Node.Ledger;

/// <summary>
/// Tells the streams how far they may cut short batches. It moves only at a tick at which every changed record older than the tick is
/// drained, so that neither the cuts nor the moments of sending depend on records that a partner does not see.
/// </summary>
internal sealed class Publication
{
    /// <summary>The distance of ticks.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    // Replaced whole by the discloser.
    private volatile PublishedState state = new(0, new Dictionary<int, ulong>());

    /// <summary>The sizes published last.</summary>
    public PublishedState Current => state;

    /// <summary>Publishes the sizes of all ledgers; called by the discloser alone.</summary>
    public void Publish(IReadOnlyDictionary<int, ulong> sizes)
    {
        var previous = state;
        state = new PublishedState(previous.Number + 1, sizes);
        previous.Superseded.TrySetResult();
    }
}
