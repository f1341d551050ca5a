namespace Federation.Formats.Mapping;

/// <summary>How well a field of a source is carried over.</summary>
public enum FieldLabel
{
    /// <summary>The target means the same, and nothing is lost.</summary>
    Direct,

    /// <summary>The target means the same, but not every value fits; what doesn't fit stays among the unmapped fields.</summary>
    Partial,

    /// <summary>The target means something near; the raw value stays among the unmapped fields unless the target repeats it whole.</summary>
    Approximate,

    /// <summary>The record model has no place for it; the raw value is among the unmapped fields.</summary>
    Unmapped,
}
