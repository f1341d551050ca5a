namespace Federation.Formats.Drafting;

/// <summary>Shortens and splits text without tearing a character apart.</summary>
internal static class TextCut
{
    internal static string Start(string text, int limit) => text.Length <= limit ? text : text[..Boundary(text, limit)];

    /// <summary>Keeps both ends, which tell a path and its reason apart from others.</summary>
    internal static string Middle(string text, int limit)
    {
        var tail = Boundary(text, text.Length - (limit / 2) + 1);
        return $"{Start(text, (limit / 2) - 1)}…{text[tail..]}";
    }

    /// <summary>Splits at the last line break or space before the limit where there is one.</summary>
    internal static IEnumerable<string> Split(string text, int limit)
    {
        var start = 0;
        while (text.Length - start > limit)
        {
            var window = text.AsSpan(start, limit);
            var space = window.LastIndexOfAny('\n', ' ');
            var length = space > limit / 2 ? space + 1 : Boundary(text, start + limit) - start;
            yield return text.Substring(start, length);
            start += length;
        }
        yield return text[start..];
    }

    private static int Boundary(string text, int position) => char.IsLowSurrogate(text[position]) ? position - 1 : position;
}
