using System.Globalization;

namespace Federation.Node.Sharing;

/// <summary>Reads the moments and durations of a policy. Everything is UTC.</summary>
internal static class PolicyTime
{
    /// <summary>The longest duration, in days.</summary>
    public const int MaxDays = 3650;

    /// <summary>What a moment looks like, for messages.</summary>
    public const string MomentForm = "a moment is a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z";

    /// <summary>What a duration looks like, for messages.</summary>
    public const string DurationForm = "a duration is 1d to 3650d, or 1h to 87600h";

    private const long HourMs = 3_600_000;

    private static readonly string[] Forms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    /// <summary>Reads a day, which means its first moment, or a time, in milliseconds since 1970-01-01.</summary>
    public static bool TryReadMoment(PolicyNode node, string key, PolicyFaults faults, out long ms)
    {
        ms = 0;
        if (!PolicyValues.TryReadText(node, $"'{key}'", faults, out var text))
            return false;
        if (TryParseMoment(text, out ms))
            return true;
        faults.Add(node, $"'{key}' is {PolicyFaults.Quote(text)}; {MomentForm}");
        return false;
    }

    /// <summary>Reads a duration of whole hours or days, in milliseconds.</summary>
    public static bool TryReadDuration(PolicyNode node, string key, PolicyFaults faults, out long ms)
    {
        ms = 0;
        if (!PolicyValues.TryReadText(node, $"'{key}'", faults, out var text))
            return false;
        if (TryParseDuration(text, out ms))
            return true;
        faults.Add(node, $"'{key}' is {PolicyFaults.Quote(text)}; {DurationForm}");
        return false;
    }

    private static bool TryParseMoment(string text, out long ms)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        var understood = DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, Utc, out var moment);
        ms = understood ? moment.ToUnixTimeMilliseconds() : 0;
        return understood;
    }

    private static bool TryParseDuration(string text, out long ms)
    {
        ms = 0;
        if (text.Length < 2 || text[0] == '0' || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        var hours = text[^1] switch { 'd' => count * 24L, 'h' => count, _ => 0 };
        ms = hours * HourMs;
        return hours is >= 1 and <= MaxDays * 24L;
    }
}
