using System.Text.RegularExpressions;

namespace Federation.Formats.Drafting;

/// <summary>Turns the three-letter codes of ISO 639-2 that sources use into BCP 47, where the shortest code is the tag.</summary>
internal static partial class LanguageTag
{
    /// <summary>The tag for a language that the source doesn't state.</summary>
    internal const string Undetermined = "und";

    private const string Codes =
        "ara ar, ces cs, chi zh, cze cs, dan da, deu de, dut nl, ell el, eng en, est et, fas fa, fin fi, fra fr, fre fr, ger de, "
        + "gre el, heb he, hin hi, hun hu, ind id, ita it, jpn ja, kor ko, lav lv, lit lt, may ms, msa ms, nld nl, nor no, pol pl, "
        + "por pt, ron ro, rum ro, rus ru, slk sk, slo sk, slv sl, spa es, swa sw, swe sv, tam ta, tha th, tur tr, ukr uk, urd ur, "
        + "vie vi, zho zh";

    private static readonly SortedDictionary<string, string> ShortCodes =
        new(Codes.Split(", ").Select(pair => pair.Split(' ')).ToDictionary(pair => pair[0], pair => pair[1]), StringComparer.Ordinal);

    /// <summary>The tag, or null if the text can't be one.</summary>
    internal static string? Of(string code)
    {
        var tag = ShortCodes.GetValueOrDefault(code, code);
        return Shape().IsMatch(tag) ? tag : null;
    }

    [GeneratedRegex(@"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}\z")]
    private static partial Regex Shape();
}
