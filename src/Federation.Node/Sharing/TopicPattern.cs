namespace Federation.Node.Sharing;

/// <summary>One topic code, such as "cyber", or a code with everything below it, such as "cbrn.*".</summary>
internal readonly record struct TopicPattern
{
    /// <summary>The most characters a pattern has.</summary>
    public const int MaxLength = 128;

    private const string Below = ".*";

    private readonly string _code;
    private readonly bool _withBelow;

    private TopicPattern(string code, bool withBelow)
    {
        _code = code;
        _withBelow = withBelow;
    }

    /// <summary>The code itself.</summary>
    public string Code => _code;

    /// <summary>Whether the codes below it are meant too.</summary>
    public bool WithBelow => _withBelow;

    /// <summary>Reads lower-case letters, digits and '-', in segments parted by '.', with ".*" at the end or without.</summary>
    public static bool TryParse(string text, out TopicPattern pattern)
    {
        var withBelow = text.EndsWith(Below, StringComparison.Ordinal);
        var code = withBelow ? text[..^Below.Length] : text;
        pattern = new TopicPattern(code, withBelow);
        return text.Length <= MaxLength && code.Split('.').All(IsSegment);
    }

    /// <summary>Whether the code of a record is meant: the code itself or, with ".*", one below it.</summary>
    public bool Matches(string topic) =>
        topic.StartsWith(_code, StringComparison.Ordinal)
        && (topic.Length == _code.Length || (_withBelow && topic[_code.Length] == '.'));

    /// <summary>Whether every code that <paramref name="other"/> matches is matched by this pattern too.</summary>
    public bool Covers(TopicPattern other) => Matches(other._code) && (_withBelow || !other._withBelow);

    /// <summary>The pattern as a policy writes it.</summary>
    public override string ToString() => _withBelow ? _code + Below : _code;

    private static bool IsSegment(string segment) =>
        segment.Length > 0 && segment[0] != '-' && segment[^1] != '-' && segment.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');
}
