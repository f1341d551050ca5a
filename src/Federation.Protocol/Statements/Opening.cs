namespace Federation.Protocol.Statements;

/// <summary>What opens one commitment of a statement: the part's salt and its value, exactly as the originator serialised it.</summary>
/// <param name="Part">The part's id, as in the statement.</param>
/// <param name="Salt">The 128-bit salt, most significant byte first on the wire.</param>
/// <param name="Value">The part's value, at most <see cref="MaxValueSizeBytes"/>; after decoding a slice of what was decoded.</param>
public readonly record struct Opening(ulong Part, UInt128 Salt, ReadOnlyMemory<byte> Value)
{
    /// <summary>The bytes before the value: part, salt, length.</summary>
    public const int HeaderSizeBytes = 28;

    /// <summary>The most bytes a part's value has: 128 KiB.</summary>
    public const int MaxValueSizeBytes = 128 * 1024;
}
