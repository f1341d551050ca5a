using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>
/// Asks for selected records, own ones and copies that may be passed on, in the order of their public ids, which nothing hidden moves: not the moments of changes, nor those at
/// which records came to be.
/// </summary>
internal sealed record SelectionRequest
{
    /// <summary>What is wanted.</summary>
    public required RecordSelection Selection { get; init; }

    /// <summary>Records that changed after this change number are wanted too; null wants none of them.</summary>
    public long? ChangedAfterN { get; init; }

    /// <summary>Records for which a timer of the partner comes due by this moment are wanted too, in milliseconds since 1970-01-01 UTC; null wants none.</summary>
    public long? DueMs { get; init; }

    /// <summary>Whether every copy that may be passed on is wanted.</summary>
    public bool Onward { get; init; }

    /// <summary>Whether copies that may be passed on are looked at; without it only own records are.</summary>
    public bool WithCopies { get; init; } = true;

    /// <summary>Whether records that refer to a wanted one are wanted too.</summary>
    public bool WithReferrers { get; init; }

    /// <summary>The partner whose ledger and timers are meant.</summary>
    public int Partner { get; init; }

    /// <summary>Only records that the partner's ledger holds live, or only the others; null means all.</summary>
    public bool? Held { get; init; }

    /// <summary>The public id after which to go on; null begins.</summary>
    public RecordId? After { get; init; }

    /// <summary>The most records, 1 to 500,000.</summary>
    public required int Limit { get; init; }
}
