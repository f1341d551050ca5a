namespace Federation.Node.Storage;

/// <summary>What rules ask of a record beyond its marking and topics: taken from all its parts and its envelope when it is written.</summary>
internal sealed record ShapeTraits
{
    /// <summary>The traits of a record that an older program wrote: nobody knows them.</summary>
    public static ShapeTraits Unknown { get; } = new();

    /// <summary>Whether the traits were taken at all.</summary>
    public bool Known { get; init; }

    /// <summary>The highest severity that a part states, coded by its scale; null if none does.</summary>
    public int? Severity { get; init; }

    /// <summary>A model's availability; null if no part states it.</summary>
    public int? Availability { get; init; }

    /// <summary>The envelope's language.</summary>
    public string Language { get; init; } = "";

    /// <summary>The first moment of the date of issue, in milliseconds since 1970-01-01 UTC; null if it has none.</summary>
    public long? IssuedMs { get; init; }

    /// <summary>The envelope's permitted actions.</summary>
    public byte PermittedActions { get; init; }

    /// <summary>The envelope's attribution.</summary>
    public byte Attribution { get; init; }

    /// <summary>When the record was first published, in milliseconds since 1970-01-01 UTC; 0 while it is a draft, or if it is not known.</summary>
    public long PublishedMs { get; init; }
}
