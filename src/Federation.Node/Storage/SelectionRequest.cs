namespace Federation.Node.Storage;

/// <summary>Asks for the local numbers of selected own records, ascending.</summary>
internal sealed record SelectionRequest
{
    /// <summary>What is wanted.</summary>
    public required RecordSelection Selection { get; init; }

    /// <summary>Whether records that refer to a selected one are wanted too.</summary>
    public bool WithReferrers { get; init; }

    /// <summary>Only records that this partner's ledger holds live, or only the others, as <see cref="Held"/> says; 0 means all.</summary>
    public int Partner { get; init; }

    /// <summary>Which of the two.</summary>
    public bool Held { get; init; }

    /// <summary>The number after which to go on.</summary>
    public long After { get; init; }

    /// <summary>The most numbers, 1 to 500,000.</summary>
    public required int Limit { get; init; }
}
