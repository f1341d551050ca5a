namespace Federation.Node.Storage;

/// <summary>What filters and lists read of a record without opening its body; null columns match no filter.</summary>
internal sealed record RecordAttributes
{
    /// <summary>The envelope's marking.</summary>
    public required int Marking { get; init; }

    /// <summary>The highest marking of the envelope and all parts.</summary>
    public int HighestMarking { get; init; }

    /// <summary>The part types that occur, as <see cref="TypeMask.Of"/> folds them.</summary>
    public long Types { get; init; }

    /// <summary>The envelope's state.</summary>
    public required int State { get; init; }

    /// <summary>The highest severity that a part states; null if none does.</summary>
    public required int? Severity { get; init; }

    /// <summary>A model's availability; null if no part states it.</summary>
    public required int? Availability { get; init; }

    /// <summary>The envelope's language.</summary>
    public required string? Language { get; init; }

    /// <summary>The envelope's title.</summary>
    public required string? Title { get; init; }

    /// <summary>The first moment of the date of issue, in milliseconds since 1970-01-01 UTC; null if it has none.</summary>
    public required long? IssuedMs { get; init; }

    /// <summary>The envelope's topics.</summary>
    public required IReadOnlyList<string> Topics { get; init; }
}
