using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>How far a partner's sweep has come.</summary>
/// <param name="Partner">The partner.</param>
/// <param name="Epoch">The policy epoch that the sweep is for; another one in the store refuses the batch.</param>
/// <param name="Position">Every record up to this public id is done; null at the beginning.</param>
/// <param name="Done">Whether the sweep is over.</param>
internal sealed record SweepProgress(int Partner, long Epoch, RecordId? Position, bool Done)
{
    /// <summary>The oldest policy epoch by which the ledger may still stand; -1 if it may stand by anything, since nothing was shared for a while.</summary>
    public long BaseEpoch { get; init; }

    /// <summary>The oldest membership by which the ledger may still stand.</summary>
    public long BaseMembership { get; init; }

    /// <summary>The membership that the sweep is for; another one in the store refuses the batch.</summary>
    public long Membership { get; init; }

    /// <summary>Changes of records after this change number were not judged for the partner before the sweep.</summary>
    public long FromN { get; init; }

    /// <summary>
    /// The number of the latest change of who may have copies, for which every one is looked at; 0 if none is under way. Another one in the store
    /// refuses the batch.
    /// </summary>
    public long Onward { get; init; }

    /// <summary>Whether what the partner holds is done, and the sweep is at what it may come to hold.</summary>
    public bool HeldDone { get; init; }
}
