using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>One write of an own record: a publication, a revision or a withdrawal.</summary>
internal sealed class RecordWrite
{
    /// <summary>The record.</summary>
    public required RecordName Name { get; init; }

    /// <summary>The version that the write replaces; 0 for a new record.</summary>
    public required int ExpectedVersion { get; init; }

    /// <summary>The kind.</summary>
    public required int Kind { get; init; }

    /// <summary>The schema number.</summary>
    public required int Schema { get; init; }

    /// <summary>Live or draft.</summary>
    public required RecordStatus Status { get; init; }

    /// <summary>The moment of the write, in milliseconds since 1970-01-01 UTC.</summary>
    public required long NowMs { get; init; }

    /// <summary>The columns that filters read.</summary>
    public required RecordAttributes Attributes { get; init; }

    /// <summary>The encoded shape.</summary>
    public required byte[] Shape { get; init; }

    /// <summary>The sealed body.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The data key; read for a new record only.</summary>
    public required byte[] DataKey { get; init; }

    /// <summary>The key of the salts; read for a new record only.</summary>
    public required byte[] SaltKey { get; init; }

    /// <summary>The records that its parts refer to.</summary>
    public required IReadOnlyList<RecordName> References { get; init; }

    /// <summary>The groups that its audience or that of a part names; one that does not exist refuses the write.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Who writes, and why.</summary>
    public required RevisionNote Note { get; init; }

    /// <summary>The idempotency key of the call, if it has one.</summary>
    public IdempotencyKey? Idempotency { get; init; }

    /// <summary>Where the record was imported from, if it was.</summary>
    public ImportKey? Import { get; init; }
}
