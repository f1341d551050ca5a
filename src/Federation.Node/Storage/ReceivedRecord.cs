namespace Federation.Node.Storage;

/// <summary>A verified record as it will be stored.</summary>
internal sealed class ReceivedRecord
{
    /// <summary>The kind, as a number that this program may not know.</summary>
    public required int Kind { get; init; }

    /// <summary>The schema number.</summary>
    public required int Schema { get; init; }

    /// <summary>Live, or quarantined.</summary>
    public required RecordStatus Status { get; init; }

    /// <summary>Why it is in quarantine.</summary>
    public required string? Reason { get; init; }

    /// <summary>The columns that filters read.</summary>
    public required RecordAttributes Attributes { get; init; }

    /// <summary>The encoded shape.</summary>
    public required byte[] Shape { get; init; }

    /// <summary>The openings, sealed with the data key.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The data key.</summary>
    public required byte[] DataKey { get; init; }

    /// <summary>The originator's signature under the statement; empty unless the record is forwardable.</summary>
    public required byte[] StatementSignature { get; init; }

    /// <summary>The statement's hash.</summary>
    public required Protocol.Records.Digest StatementHash { get; init; }

    /// <summary>Whether its origin's handling lets it be passed on: a direct copy with a statement that the origin signed.</summary>
    public bool Onward { get; init; }

    /// <summary>The records that its parts refer to.</summary>
    public required IReadOnlyList<Protocol.Records.RecordName> References { get; init; }
}
