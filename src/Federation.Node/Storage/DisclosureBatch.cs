namespace Federation.Node.Storage;

/// <summary>Everything that one step of the sequencer changes; committed whole or refused whole.</summary>
internal sealed class DisclosureBatch
{
    /// <summary>The appends, at most one a partner.</summary>
    public required IReadOnlyList<PartnerAppend> Appends { get; init; }

    /// <summary>The change number of each record that the batch judged; another one in the store refuses the batch.</summary>
    public required IReadOnlyList<(long Rec, long ChangedN)> Judged { get; init; }

    /// <summary>Signatures of forwardable views, by the hash of their statement.</summary>
    public required IReadOnlyList<ViewSignature> ViewSignatures { get; init; }

    /// <summary>Timers that have been acted on; one that was set anew since it was read stays.</summary>
    public required IReadOnlyList<(long AtMs, int Partner, long Rec)> TimersCleared { get; init; }

    /// <summary>Timers to set; of two for the same partner and record the earlier one stays.</summary>
    public required IReadOnlyList<(long AtMs, int Partner, long Rec)> TimersSet { get; init; }

    /// <summary>The sequencer's new position among the change numbers; null leaves it.</summary>
    public long? Position { get; init; }

    /// <summary>Embargoes up to this moment may have ended for good, in milliseconds since 1970-01-01 UTC; kept with the entries.</summary>
    public long ReleasedToMs { get; init; }

    /// <summary>When the entries are appended by the wall clock, in milliseconds since 1970-01-01 UTC, by which overdue receipts are aged.</summary>
    public long WrittenMs { get; init; }

    /// <summary>
    /// Records that come into a partner's sight or go out of it, with this batch or a later one of the same round: those that something refers
    /// to are kept, so that the referrers are judged again whatever happens.
    /// </summary>
    public IReadOnlyList<(int Partner, long Target)> FlipsNoted { get; init; } = [];

    /// <summary>Flips whose referrers are judged by now; forgotten after those that this batch notes are kept.</summary>
    public IReadOnlyList<(int Partner, long Target)> FlipsDone { get; init; } = [];

    /// <summary>The progress of a partner's sweep; null leaves it.</summary>
    public SweepProgress? Sweep { get; init; }
}
