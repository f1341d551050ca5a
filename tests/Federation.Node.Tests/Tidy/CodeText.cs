namespace Federation.Node.Tests.Tidy;

/// <summary>Turns the comments and literals of C# into blanks, so that what is left can be searched for words and braces.</summary>
internal sealed class CodeText
{
    private readonly string text;
    private readonly char[] code;
    private int at;

    private CodeText(string text)
    {
        this.text = text;
        code = text.ToCharArray();
    }

    /// <summary>The code of a file; every character keeps its place, and so does every line.</summary>
    public static string Blank(string text)
    {
        var reader = new CodeText(text);
        reader.ReadCode(inHole: false);
        return new string(reader.code);
    }

    // Reads code up to the end of the text, or to the brace that closes the hole of an interpolated string.
    private void ReadCode(bool inHole)
    {
        var depth = 0;
        while (at < text.Length)
        {
            if (Follows("//"))
                BlankTo(EndOf('\n', at));
            else if (Follows("/*"))
                BlankTo(EndOf("*/"));
            else if (text[at] == '\'')
                ReadCharacter();
            else if (StringStart() is { } start)
                ReadString(start.Dollars, start.Verbatim, start.Length);
            else if (inHole && text[at] == '}' && depth == 0)
                return;
            else
                depth += text[at++] switch { '{' => 1, '}' => -1, _ => 0 };
        }
    }

    private (int Dollars, bool Verbatim, int Length)? StringStart()
    {
        var end = at;
        var dollars = 0;
        var verbatim = false;
        for (; end < text.Length && text[end] is '$' or '@'; end++)
        {
            dollars += text[end] == '$' ? 1 : 0;
            verbatim |= text[end] == '@';
        }

        return end < text.Length && text[end] == '"' ? (dollars, verbatim, end - at) : null;
    }

    private void ReadString(int dollars, bool verbatim, int prefix)
    {
        BlankTo(at + prefix);
        var quotes = RunOf('"');
        if (quotes == 2)
        {
            BlankTo(at + 2);
            return;
        }

        var raw = quotes >= 3;
        BlankTo(at + quotes);
        while (at < text.Length)
        {
            if (dollars > 0 && text[at] == '{' && ReadBraces(raw ? dollars : 1, raw))
                continue;
            if (text[at] == '"')
            {
                var run = RunOf('"');
                if (raw ? run >= quotes : !verbatim || run % 2 == 1)
                {
                    BlankTo(at + (raw || verbatim ? run : 1));
                    return;
                }

                BlankTo(at + run);
                continue;
            }

            BlankTo(at + (text[at] == '\\' && !raw && !verbatim ? 2 : 1));
        }
    }

    // At an opening brace of an interpolated string: a hole, whose code stays, or doubled braces that are text.
    private bool ReadBraces(int braces, bool raw)
    {
        var run = RunOf('{');
        if (raw ? run < braces : run % 2 == 0)
        {
            BlankTo(at + run);
            return true;
        }

        BlankTo(at + run);
        ReadCode(inHole: true);
        BlankTo(at + braces);
        return true;
    }

    private void ReadCharacter()
    {
        var end = at + 1;
        while (end < text.Length && text[end] != '\'')
            end += text[end] == '\\' ? 2 : 1;
        BlankTo(end + 1);
    }

    private bool Follows(string word) => string.CompareOrdinal(text, at, word, 0, word.Length) == 0;

    private int RunOf(char character)
    {
        var end = at;
        while (end < text.Length && text[end] == character)
            end++;
        return end - at;
    }

    private int EndOf(char character, int from) => text.IndexOf(character, from) is var found and >= 0 ? found : text.Length;

    private int EndOf(string word) => text.IndexOf(word, at + 2, StringComparison.Ordinal) is var found and >= 0 ? found + word.Length : text.Length;

    private void BlankTo(int end)
    {
        for (; at < Math.Min(end, text.Length); at++)
        {
            if (text[at] != '\n')
                code[at] = ' ';
        }
    }
}
