using Federation.V1.Records;

namespace Federation.Cli.Output;

/// <summary>TLP markings as people write them: <c>CLEAR</c>, <c>GREEN</c>, <c>AMBER</c>, <c>AMBER+STRICT</c>, <c>RED</c>.</summary>
internal static class MarkingText
{
    public static string[] All { get; } = [.. Enum.GetValues<Marking>().Where(marking => marking != Marking.Unspecified).Select(Of)];

    public static string Of(Marking marking) =>
        marking == Marking.AmberStrict ? "AMBER+STRICT" : EnumText<Marking>.Of(marking).ToUpperInvariant();

    /// <summary>Reads a marking, with or without <c>TLP:</c> before it.</summary>
    public static bool TryParse(string text, out Marking marking)
    {
        var name = text.StartsWith("TLP:", StringComparison.OrdinalIgnoreCase) ? text[4..] : text;
        return EnumText<Marking>.TryParse(name, out marking);
    }
}
