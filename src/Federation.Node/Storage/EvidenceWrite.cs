namespace Federation.Node.Storage;

/// <summary>Signed objects kept because something was wrong with them.</summary>
internal sealed record EvidenceWrite
{
    /// <summary>The partner that they concern.</summary>
    public required int Partner { get; init; }

    /// <summary>What was wrong: a short code such as ROOT_MISMATCH.</summary>
    public required string Fault { get; init; }

    /// <summary>What was wrong, in words.</summary>
    public required string Detail { get; init; }

    /// <summary>When it was kept, in milliseconds since 1970-01-01 UTC.</summary>
    public required long NowMs { get; init; }

    /// <summary>The objects as received, at most 1 MiB together.</summary>
    public required IReadOnlyList<EvidenceObject> Objects { get; init; }

    /// <summary>The partner that handed it over; 0 if this node found it.</summary>
    public int Submitter { get; init; }

    /// <summary>Whether the partner's ledger stops being followed.</summary>
    public bool HaltsFollower { get; init; }

    /// <summary>The incarnation of the followed ledger that it is about; once another is followed nothing stops. Null if it is about whichever is followed.</summary>
    public uint? Incarnation { get; init; }

    /// <summary>The reset for which the follower stops until an operator accepts it; null if it stops for another reason.</summary>
    public ResetNote? Reset { get; init; }

    /// <summary>Whether the ledger for the partner is forked and nothing more is signed.</summary>
    public bool ForksLedger { get; init; }

    /// <summary>Whether what is stored of the ledger for the partner does not fit together, and nothing more is signed.</summary>
    public bool DamagesLedger { get; init; }

    /// <summary>The term of the ledger for the partner that it is about; in another nothing stops. Null if it is about whatever is there.</summary>
    public long? Term { get; init; }
}
