namespace Federation.Formats.Drafting;

/// <summary>Turns the three-letter codes of ISO 639-2 that sources use into BCP 47, where the shortest code is the tag.</summary>
internal static class LanguageTag
{
    /// <summary>The tag for a language that the source doesn't state.</summary>
    internal const string Undetermined = "und";
    private const int MaxChars = 35;

    private static readonly SortedDictionary<string, string> ShortCodes = new(StringComparer.Ordinal)
    {
        ["ara"] = "ar", ["ces"] = "cs", ["chi"] = "zh", ["cze"] = "cs", ["dan"] = "da", ["deu"] = "de", ["dut"] = "nl", ["ell"] = "el",
        ["eng"] = "en", ["est"] = "et", ["fas"] = "fa", ["fin"] = "fi", ["fra"] = "fr", ["fre"] = "fr", ["ger"] = "de", ["gre"] = "el",
        ["heb"] = "he", ["hin"] = "hi", ["hun"] = "hu", ["ind"] = "id", ["ita"] = "it", ["jpn"] = "ja", ["kor"] = "ko", ["lav"] = "lv",
        ["lit"] = "lt", ["may"] = "ms", ["msa"] = "ms", ["nld"] = "nl", ["nor"] = "no", ["pol"] = "pl", ["por"] = "pt", ["ron"] = "ro",
        ["rum"] = "ro", ["rus"] = "ru", ["slk"] = "sk", ["slo"] = "sk", ["slv"] = "sl", ["spa"] = "es", ["swa"] = "sw", ["swe"] = "sv",
        ["tam"] = "ta", ["tha"] = "th", ["tur"] = "tr", ["ukr"] = "uk", ["urd"] = "ur", ["vie"] = "vi", ["zho"] = "zh",
    };

    /// <summary>The tag, or null if the text can't be one.</summary>
    internal static string? Of(string code)
    {
        var tag = ShortCodes.GetValueOrDefault(code, code);
        return tag.Length is >= 2 and <= MaxChars && char.IsAsciiLetter(tag[0]) && tag.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? tag : null;
    }
}
