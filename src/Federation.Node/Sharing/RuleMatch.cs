using Federation.Protocol.Records;

namespace Federation.Node.Sharing;

/// <summary>
/// What a policy's rules say about one record: the same for every partner whose policy has the same class hash, at any moment.
/// The default value says that no rule matches.
/// </summary>
internal readonly struct RuleMatch
{
    /// <summary>The matching deny rule whose name comes first; null if none matches.</summary>
    public SharingRule? Denial { get; init; }

    /// <summary>The matching allow rule whose name comes first; null if none matches, or if a deny rule does.</summary>
    public SharingRule? Allowance { get; init; }

    /// <summary>The part types that are not disclosed: those that a matching rule withholds, and those that none shows although one would have to.</summary>
    public PartTypeSet HiddenTypes { get; init; }

    /// <summary>Whether the envelope is shared when nothing else is left.</summary>
    public bool SharesEnvelope { get; init; }

    /// <summary>Whether parts of a type are kept back; true for a type that this program does not know.</summary>
    public bool Hides(int type)
    {
        var index = PartTypes.IndexOf(type);
        return index < 0 || HiddenTypes.ContainsIndex(index);
    }
}
