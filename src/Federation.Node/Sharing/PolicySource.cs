using System.Globalization;
using System.Text;

namespace Federation.Node.Sharing;

/// <summary>
/// Checks a policy's text before anything reads it: bounded, and the same for a person who looks at it as for the program.
/// Characters that hide, reorder or end a line for one of the two only are refused.
/// </summary>
internal static class PolicySource
{
    /// <summary>The largest text, in bytes of UTF-8.</summary>
    public const int MaxBytes = 64 * 1024;

    private const char ByteOrderMark = '\uFEFF';

    /// <summary>Returns the text without a byte order mark; null, with faults, if it is not fit to be read.</summary>
    public static string? Check(string text, PolicyFaults faults)
    {
        if (text.Length > MaxBytes || Encoding.UTF8.GetByteCount(text) > MaxBytes)
        {
            faults.Add(1, 1, string.Create(CultureInfo.InvariantCulture, $"the policy is larger than {MaxBytes} bytes"));
            return null;
        }
        var body = text.StartsWith(ByteOrderMark) ? text[1..] : text;
        var line = 1;
        var lineStart = 0;
        for (var i = 0; i < body.Length;)
        {
            // A lone surrogate reads as U+FFFD, which is refused with the rest.
            Rune.DecodeFromUtf16(body.AsSpan(i), out var rune, out var length);
            var endsLine = rune.Value == '\n' || (rune.Value == '\r' && i + 1 < body.Length && body[i + 1] == '\n');
            if (!endsLine && rune.Value != '\t' && !IsShown(rune))
                faults.Add(line, i - lineStart + 1, $"the character U+{rune.Value:X4} may not stand in a policy");
            // Some directives are dropped by the YAML reader without a word, so that they are looked for here.
            if (i == lineStart && rune.Value == '%')
                faults.Add(line, 1, "a directive is not understood");
            i += length;
            if (rune.Value == '\n')
            {
                line++;
                lineStart = i;
            }
        }
        return faults.None ? body : null;
    }

    /// <summary>Whether a character shows as itself: no control, no format or direction mark, no line separator, nothing unassigned.</summary>
    public static bool IsShown(Rune rune) => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
