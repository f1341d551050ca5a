namespace Federation.Node.Sharing;

/// <summary>A basic language range of RFC 4647 without "*": "en" means en and en-GB, and "pt-BR" does not mean pt.</summary>
internal readonly record struct LanguageRange
{
    /// <summary>The most characters a range has.</summary>
    public const int MaxLength = 35;

    private const int MaxSubtag = 8;

    private readonly string _range;

    private LanguageRange(string range) => _range = range;

    /// <summary>Reads letters, then letters and digits, in subtags of 1 to 8 parted by '-'.</summary>
    public static bool TryParse(string text, out LanguageRange range)
    {
        range = new LanguageRange(text.ToLowerInvariant());
        if (text.Length > MaxLength)
            return false;
        var subtags = text.Split('-');
        return subtags[0].All(char.IsAsciiLetter) && subtags.All(subtag => subtag.Length is >= 1 and <= MaxSubtag && subtag.All(char.IsAsciiLetterOrDigit));
    }

    /// <summary>Whether the tag of a record is meant, in whatever case it is written.</summary>
    public bool Matches(string tag) =>
        tag.StartsWith(_range, StringComparison.OrdinalIgnoreCase) && (tag.Length == _range.Length || tag[_range.Length] == '-');

    /// <summary>Whether every tag that the other matches is matched by this range too.</summary>
    public bool Covers(LanguageRange other) => Matches(other._range);

    /// <summary>The range in lower case.</summary>
    public override string ToString() => _range;
}
