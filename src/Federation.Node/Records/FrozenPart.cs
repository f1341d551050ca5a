using Federation.Node.Storage;

namespace Federation.Node.Records;

/// <summary>One part with its bytes as they will be hashed, stored and sent.</summary>
/// <param name="Shape">What is kept beside the value.</param>
/// <param name="Salt">The salt of its commitment.</param>
/// <param name="Value">The bytes, never serialised again.</param>
/// <param name="Key">The publisher's key.</param>
/// <param name="UsedMs">The change times used for other values in the minute of the latest change.</param>
internal sealed record FrozenPart(ShapePart Shape, UInt128 Salt, ReadOnlyMemory<byte> Value, string Key, IReadOnlyList<long> UsedMs);
