using System.Globalization;

namespace Federation.Cli.Output;

/// <summary>Lengths of time as they are written and read: a whole number and its unit, s, m, h or d.</summary>
internal static class DurationText
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    private static readonly (char Unit, TimeSpan Length)[] Units =
    [
        ('d', TimeSpan.FromDays(1)),
        ('h', TimeSpan.FromHours(1)),
        ('m', TimeSpan.FromMinutes(1)),
        ('s', TimeSpan.FromSeconds(1)),
    ];

    /// <summary>The length in the largest unit of which there are two, rounded down.</summary>
    public static string Of(TimeSpan duration)
    {
        var (unit, length) = Units.FirstOrDefault(unit => duration >= 2 * unit.Length, Units[^1]);
        return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / length.Ticks}{unit}");
    }

    /// <summary>A length in milliseconds as <see cref="Of"/> writes it, if it is one that can be.</summary>
    public static string OfMilliseconds(long milliseconds) =>
        Math.Abs((double)milliseconds) <= Longest.TotalMilliseconds ? Of(TimeSpan.FromMilliseconds(milliseconds)) : $"{milliseconds} ms";

    /// <summary>Reads a length of at most a hundred years.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length < 2 || Units.FirstOrDefault(unit => unit.Unit == text[^1]) is not { Length.Ticks: > 0 } found)
            return false;
        if (!long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        if (count > Longest / found.Length)
            return false;
        duration = count * found.Length;
        return true;
    }
}
