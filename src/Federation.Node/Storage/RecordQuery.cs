using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>A page of records in the order of change; every list that is not empty has to match.</summary>
internal sealed record RecordQuery
{
    /// <summary>Only records with a change number above this one.</summary>
    public required long AfterChangedN { get; init; }

    /// <summary>The most records returned, 1 to 1,000.</summary>
    public required int Limit { get; init; }

    /// <summary>The statuses wanted.</summary>
    public required IReadOnlyList<RecordStatus> Statuses { get; init; }

    /// <summary>The kinds wanted.</summary>
    public IReadOnlyList<int> Kinds { get; init; } = [];

    /// <summary>The originators wanted.</summary>
    public IReadOnlyList<InstituteId> Origins { get; init; } = [];

    /// <summary>The topics wanted.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>The severities wanted, as stored.</summary>
    public IReadOnlyList<int> Severities { get; init; } = [];

    /// <summary>The envelope states wanted.</summary>
    public IReadOnlyList<int> States { get; init; } = [];

    /// <summary>The earliest moment of issue.</summary>
    public long? IssuedFromMs { get; init; }

    /// <summary>The moment before which it was issued.</summary>
    public long? IssuedBeforeMs { get; init; }

    /// <summary>The earliest moment of receipt.</summary>
    public long? ReceivedFromMs { get; init; }

    /// <summary>The moment before which it was received.</summary>
    public long? ReceivedBeforeMs { get; init; }

    /// <summary>Whether copies that are not shown, since the record came from its origin too or from another partner, are returned as well.</summary>
    public bool WithHiddenCopies { get; init; }

    /// <summary>Whether removed records are returned whatever the other filters say, so that a watcher can drop them.</summary>
    public bool WithRemoved { get; init; }
}
