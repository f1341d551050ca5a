namespace Federation.Node.Storage;

/// <summary>What a node reads when it starts, and when partners change.</summary>
internal sealed record NodeSnapshot
{
    /// <summary>Every partner, in the order of numbers.</summary>
    public required IReadOnlyList<StoredPartner> Partners { get; init; }

    /// <summary>Every client, in the order of names.</summary>
    public required IReadOnlyList<StoredClient> Clients { get; init; }

    /// <summary>The ledger for each partner that has one.</summary>
    public required IReadOnlyList<LedgerHead> Ledgers { get; init; }

    /// <summary>The follower's state for each partner that is or was followed.</summary>
    public required IReadOnlyList<FollowRow> Followers { get; init; }

    /// <summary>Every ledger that was ever begun anew, on either side, in the order of partners and incarnations.</summary>
    public required IReadOnlyList<StoredReset> Resets { get; init; }

    /// <summary>The sweeps that are pending.</summary>
    public required IReadOnlyList<SweepProgress> Sweeps { get; init; }

    /// <summary>Every group with its present members, in the order of names.</summary>
    public required IReadOnlyList<StoredGroup> Groups { get; init; }

    /// <summary>The number of the latest change of a community list or an announcement; 0 means none.</summary>
    public long Community { get; init; }

    /// <summary>Embargoes up to this moment had ended when the node last appended, in milliseconds since 1970-01-01 UTC.</summary>
    public required long ReleasedToMs { get; init; }

    /// <summary>The sequencer's position among the change numbers.</summary>
    public required long SequencerPosition { get; init; }

    /// <summary>The highest change number given.</summary>
    public required long LastChangedN { get; init; }

    /// <summary>The version of the schema.</summary>
    public required int Schema { get; init; }
}
