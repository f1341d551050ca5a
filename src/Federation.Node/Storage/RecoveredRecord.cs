using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>What the entries that were got back say last of one record.</summary>
internal sealed record RecoveredRecord
{
    /// <summary>The latest entry.</summary>
    public required RecoveredEntry Entry { get; init; }

    /// <summary>The sequence number of the record's first DISCLOSE in the ledger, as far as is known.</summary>
    public required ulong FirstSeq { get; init; }

    /// <summary>Whether the record is another institute's, which was passed on.</summary>
    public bool Passed { get; init; }

    /// <summary>Of such a record: the digest of the ids of the parts that the partner was opened; zero if that is not known.</summary>
    public Digest Opened { get; init; }

    /// <summary>Whether the entry says something else than this node would: it stands until the record is written again.</summary>
    public required bool Stands { get; init; }

    /// <summary>Whether what this node has of the record may be older than what stands: then it is told to nobody.</summary>
    public bool Older { get; init; }

    /// <summary>The shape of what the partner holds under it; null if that is not known, or nothing.</summary>
    public byte[]? HeldShape { get; init; }

    /// <summary>The records that this refers to.</summary>
    public IReadOnlyList<RecordName> References { get; init; } = [];

    /// <summary>The record as it is made anew, for one whose content this node does not have; null otherwise.</summary>
    public RecordWrite? Restored { get; init; }
}
