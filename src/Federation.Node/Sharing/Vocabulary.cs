using Federation.Protocol.Records;
using Federation.V1.Records;
using Google.Protobuf.Reflection;

namespace Federation.Node.Sharing;

/// <summary>The words of a policy for the values of an enumeration: their names in the record model, in lower case and without the prefix.</summary>
internal sealed class Vocabulary
{
    private const string Zero = "UNSPECIFIED";

    private readonly Dictionary<string, int> _codes;

    private Vocabulary(FileDescriptor file, string name)
    {
        var values = file.EnumTypes.Single(type => type.Name == name).Values.OrderBy(value => value.Number).ToList();
        var prefix = values[0].Name.Length - Zero.Length;
        _codes = values.Skip(1).ToDictionary(value => value.Name[prefix..].ToLowerInvariant(), value => value.Number, StringComparer.Ordinal);
        Words = [.. _codes.OrderBy(pair => pair.Value).Select(pair => pair.Key)];
        All = CodeSet.Of(_codes.Values);
    }

    /// <summary>The states of a record.</summary>
    public static Vocabulary States { get; } = new(RecordReflection.Descriptor, nameof(RecordState));

    /// <summary>The severities of an incident (OECD).</summary>
    public static Vocabulary IncidentSeverities { get; } = new(IncidentReflection.Descriptor, nameof(IncidentSeverity));

    /// <summary>The severities of a flaw.</summary>
    public static Vocabulary FlawSeverities { get; } = new(FlawReflection.Descriptor, nameof(FlawSeverity));

    /// <summary>A model's availability.</summary>
    public static Vocabulary Availabilities { get; } = new(ModelReflection.Descriptor, nameof(ModelAvailability));

    /// <summary>Whether a receiver may pass a record on.</summary>
    public static Vocabulary Onward { get; } = new(HandlingReflection.Descriptor, nameof(V1.Records.Onward));

    /// <summary>What a receiver may do with a record (FIRST IEP 2.0).</summary>
    public static Vocabulary PermittedActions { get; } = new(HandlingReflection.Descriptor, nameof(V1.Records.PermittedActions));

    /// <summary>Whether the originator may be named (FIRST IEP 2.0).</summary>
    public static Vocabulary Attributions { get; } = new(HandlingReflection.Descriptor, nameof(Attribution));

    /// <summary>The words in the order of their numbers.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The numbers that this program knows.</summary>
    public CodeSet All { get; }

    /// <summary>Finds a number by its exact word.</summary>
    public bool TryParse(string word, out int code) => _codes.TryGetValue(word, out code);

    /// <summary>Whether this program knows what a severity means, as <see cref="RecordTraits"/> codes it.</summary>
    public static bool KnowsSeverity(int severity) =>
        IncidentSeverities.All.Contains(severity - RecordTraits.SeverityOf(IncidentSeverity.Unspecified))
        || FlawSeverities.All.Contains(severity - RecordTraits.SeverityOf(FlawSeverity.Unspecified));
}
