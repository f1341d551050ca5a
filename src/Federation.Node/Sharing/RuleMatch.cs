using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>
/// What a policy's rules say about one record: the same for every partner whose policy has the same class hash, at any moment. Rules
/// stand in it by their places in the normal form, which the policies of a class share. The default value says that no rule matches.
/// </summary>
internal readonly struct RuleMatch
{
    /// <summary>The first deny rule that matches, counted from 1; 0 if none does.</summary>
    public int Denial { get; init; }

    /// <summary>The first allow rule that matches, counted from 1; 0 if none does, or if a deny rule does.</summary>
    public int Allowance { get; init; }

    /// <summary>The allow rule whose embargo ends last, counted from 1; 0 if none has one.</summary>
    public int Holding { get; init; }

    /// <summary>The part types that are not disclosed: those that a matching rule withholds, and those that none shows although one would have to.</summary>
    public PartTypeSet HiddenTypes { get; init; }

    /// <summary>Whether the envelope is shared when nothing else is left.</summary>
    public bool SharesEnvelope { get; init; }

    /// <summary>When the last embargo of a matching rule ends, in milliseconds since 1970-01-01 UTC; 0 if there is none.</summary>
    public long ReleaseMs { get; init; }

    /// <summary>What the matching rules say about single part types; null for nothing.</summary>
    public PartHandling[]? PartHandlings { get; init; }

    /// <summary>Whether parts of a type are kept back; true for a type that this program does not know.</summary>
    public bool Hides(int type)
    {
        var index = PartTypes.IndexOf(type);
        return index < 0 || HiddenTypes.ContainsIndex(index);
    }

    /// <summary>What the matching rules say about parts of a type that is not hidden.</summary>
    public PartHandling HandlingOf(int type)
    {
        foreach (var handling in PartHandlings ?? [])
        {
            if (handling.Type == type)
                return handling;
        }
        return new PartHandling(type, Marking.Red, default);
    }
}
