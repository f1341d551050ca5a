using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace Federation.Cli.Output;

/// <summary>Moments as they are written and read: UTC, to the second.</summary>
internal static class TimeText
{
    private const string Pattern = "yyyy-MM-dd HH:mm:ss'Z'";

    /// <summary>The moment, or nothing if none is given.</summary>
    public static string Of(Timestamp? time) => time is null ? "" : Of(time.ToDateTimeOffset());

    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);

    /// <summary>A moment in milliseconds since the Unix epoch.</summary>
    public static string OfMilliseconds(long milliseconds) =>
        milliseconds is >= 0 and <= 253_402_300_799_999 ? Of(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)) : $"{milliseconds} ms";

    /// <summary>Reads a day or a moment; without an offset it is UTC.</summary>
    public static bool TryParse(string text, out Timestamp time)
    {
        time = new Timestamp();
        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, styles, out var moment))
            return false;
        time = Timestamp.FromDateTimeOffset(moment);
        return true;
    }
}
