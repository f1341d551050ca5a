using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>The markings of TLP 2.0 (FIRST), as policies write them.</summary>
internal static class Markings
{
    /// <summary>The markings' names, from the least to the most restrictive.</summary>
    public static IReadOnlyList<string> Names { get; } = ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"];

    /// <summary>Whether this program knows what the marking means; false for UNSPECIFIED.</summary>
    public static bool IsKnown(Marking marking) => marking is >= Marking.Clear and <= Marking.Red;

    /// <summary>The marking's name; null for a marking that <see cref="IsKnown"/> denies.</summary>
    public static string? NameOf(Marking marking) => IsKnown(marking) ? Names[(int)marking - 1] : null;

    /// <summary>
    /// The marking that is in force for a part: the higher of its own and its record's. A number that this program does not know stands,
    /// so that nobody is admitted; UNSPECIFIED for a part means its record's.
    /// </summary>
    public static Marking Effective(Marking record, Marking part)
    {
        if (part == Marking.Unspecified || !IsKnown(record))
            return record;
        return !IsKnown(part) || part > record ? part : record;
    }

    /// <summary>Finds a marking by its exact name, upper case and without "TLP:".</summary>
    public static bool TryParse(string name, out Marking marking)
    {
        for (var index = 0; index < Names.Count; index++)
        {
            if (Names[index] == name)
            {
                marking = (Marking)(index + 1);
                return true;
            }
        }
        marking = Marking.Unspecified;
        return false;
    }
}
