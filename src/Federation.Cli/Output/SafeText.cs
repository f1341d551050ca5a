using System.Globalization;
using System.Text;

namespace Federation.Cli.Output;

/// <summary>Text of others as a terminal may show it: partners write titles, and a terminal obeys control characters.</summary>
internal static class SafeText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text on one line, with control and formatting characters (escape, bidirectional overrides) replaced.</summary>
    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var safe = new StringBuilder(text.Length);
        foreach (var character in text)
            safe.Append(Replace(character));
        return safe.ToString();
    }

    /// <summary>As <see cref="Of"/>, cut to a number of characters.</summary>
    public static string Short(string? text, int maxLength)
    {
        var safe = Of(text);
        return safe.Length <= maxLength ? safe : string.Concat(safe.AsSpan(0, maxLength - 1), "…");
    }

    private static char Replace(char character) => CharUnicodeInfo.GetUnicodeCategory(character) switch
    {
        UnicodeCategory.Control when character is '\n' or '\r' or '\t' => ' ',
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => Replacement,
        _ => character,
    };
}
