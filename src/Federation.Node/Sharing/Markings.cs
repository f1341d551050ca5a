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
