using Federation.Protocol.Records;

namespace Federation.Node.Sharing;

/// <summary>What an allow rule says about the records that it matches.</summary>
internal sealed class RuleHandling
{
    /// <summary>The handling of a rule that says nothing further.</summary>
    public static RuleHandling Plain { get; } = new()
    {
        Withheld = PartTypeSet.Empty,
        Shown = PartTypeSet.Empty,
        SharesEnvelope = false,
        Embargo = default,
        Parts = [],
    };

    /// <summary>The part types that partners never see.</summary>
    public required PartTypeSet Withheld { get; init; }

    /// <summary>Of the part types that are withheld unless shown, those that the rule shows.</summary>
    public required PartTypeSet Shown { get; init; }

    /// <summary>Whether a record is shared even if nothing but its envelope is left.</summary>
    public required bool SharesEnvelope { get; init; }

    /// <summary>Until when the record is held back.</summary>
    public required RuleEmbargo Embargo { get; init; }

    /// <summary>The handling of single part types that are not withheld, in the order of the types; each holds something back.</summary>
    public required PartHandling[] Parts { get; init; }

    /// <summary>What two matching rules say together.</summary>
    public RuleHandling With(RuleHandling other)
    {
        var withheld = Withheld.Union(other.Withheld);
        return new RuleHandling
        {
            Withheld = withheld,
            Shown = Shown.Union(other.Shown),
            SharesEnvelope = SharesEnvelope || other.SharesEnvelope,
            Embargo = Embargo.Later(other.Embargo),
            Parts = [.. Stricter(Parts, other.Parts).Where(part => !withheld.Contains(part.Type))],
        };
    }

    /// <summary>Whether both say the same.</summary>
    public bool IsSameAs(RuleHandling other) => DiffersOnlyInTypes(other) && TypesThatDiffer(other).IsEmpty;

    /// <summary>Whether nothing that holds for the record as a whole differs.</summary>
    public bool DiffersOnlyInTypes(RuleHandling other) => SharesEnvelope == other.SharesEnvelope && Embargo == other.Embargo;

    /// <summary>The part types about which the two say something else.</summary>
    public PartTypeSet TypesThatDiffer(RuleHandling other)
    {
        var handled = Parts.Except(other.Parts).Concat(other.Parts.Except(Parts)).Select(part => part.Type);
        return Difference(Withheld, other.Withheld).Union(Difference(Shown, other.Shown)).Union(PartTypeSet.Of([.. handled]));
    }

    /// <summary>Two lists in one, stricter where both speak of a type.</summary>
    public static PartHandling[] Stricter(PartHandling[] one, PartHandling[] other)
    {
        if (one.Length == 0 || other.Length == 0)
            return one.Length == 0 ? other : one;
        return [.. one.Concat(other).GroupBy(part => part.Type).OrderBy(parts => parts.Key).Select(parts => parts.Aggregate((a, b) => a.Stricter(b)))];
    }

    private static PartTypeSet Difference(PartTypeSet one, PartTypeSet other) => one.Except(other).Union(other.Except(one));
}
