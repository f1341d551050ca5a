namespace Federation.Node.Storage;

/// <summary>Which records the sequencer wants to compare with what is disclosed.</summary>
internal sealed record ReconcileRequest
{
    /// <summary>What makes the records candidates.</summary>
    public required ReconcileScope Scope { get; init; }

    /// <summary>Changed: the change number after which to read. Sweep: the local number after which to read.</summary>
    public long After { get; init; }

    /// <summary>Sweep, Listed and Named: the partner.</summary>
    public int Partner { get; init; }

    /// <summary>Due: timers up to this moment, in milliseconds since 1970-01-01 UTC.</summary>
    public long NowMs { get; init; }

    /// <summary>Named: the record.</summary>
    public long Rec { get; init; }

    /// <summary>Listed: the local numbers of the records, at most as many as the limit.</summary>
    public IReadOnlyList<long> Recs { get; init; } = [];

    /// <summary>The most records read, 1 to 2,000.</summary>
    public required int Limit { get; init; }
}
