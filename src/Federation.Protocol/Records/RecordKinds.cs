using System.Collections.Frozen;
using Federation.V1.Records;
using Google.Protobuf.Reflection;

namespace Federation.Protocol.Records;

/// <summary>The record kinds that this program knows, by number and by their names in policies.</summary>
public static class RecordKinds
{
    /// <summary>One more than the largest number of a kind.</summary>
    public const int Bound = 32;

    private const string Prefix = "RECORD_KIND_";

    private static readonly FrozenDictionary<string, RecordKind> ByName = Values()
        .ToFrozenDictionary(value => value.Name[Prefix.Length..].ToLowerInvariant(), value => (RecordKind)value.Number, StringComparer.Ordinal);

    private static readonly uint Known = ByName.Values.Aggregate(0u, (mask, kind) => mask | Bit(kind));

    /// <summary>The kinds in the order of their numbers.</summary>
    public static IReadOnlyList<RecordKind> All { get; } = [.. ByName.Values.Order()];

    /// <summary>The kinds' names in the order of their numbers: the enum's names in lower case, without the prefix.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.OrderBy(pair => pair.Value).Select(pair => pair.Key)];

    /// <summary>Whether this program knows the kind.</summary>
    public static bool IsKnown(RecordKind kind) => (uint)kind < Bound && (Known & Bit(kind)) != 0;

    /// <summary>Finds a kind by its exact name.</summary>
    public static bool TryParse(string name, out RecordKind kind) => ByName.TryGetValue(name, out kind);

    private static uint Bit(RecordKind kind) => 1u << (int)kind;

    private static IEnumerable<EnumValueDescriptor> Values()
    {
        var values = RecordReflection.Descriptor.EnumTypes.Single(type => type.Name == nameof(RecordKind)).Values;
        if (values.Any(value => value.Number is < 0 or >= Bound))
            throw new InvalidOperationException($"A record kind has a number outside 0 to {Bound - 1}.");
        return values.Where(value => value.Number != 0);
    }
}
