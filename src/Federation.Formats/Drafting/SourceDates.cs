using System.Globalization;
using Federation.V1.Records;

namespace Federation.Formats.Drafting;

/// <summary>Reads dates as sources write them, with the precision that they have. Fractions of a second have no place in the model.</summary>
internal static class SourceDates
{
    private const int FirstYear = 1000;
    private static readonly string[] Times =
    [
        "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <summary>An ISO 8601 date, or RFC 3339 time turned to UTC; null if the text is neither or the year is below 1000.</summary>
    internal static PreciseDate? Iso(string text)
    {
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        var culture = CultureInfo.InvariantCulture;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", culture, DateTimeStyles.None, out var day))
            return Of(day.Year, day.Month, day.Day);
        if (DateOnly.TryParseExact(text, "yyyy-MM", culture, DateTimeStyles.None, out var month))
            return Of(month.Year, month.Month, 0);
        if (DateOnly.TryParseExact(text, "yyyy", culture, DateTimeStyles.None, out var year))
            return Of(year.Year, 0, 0);
        return DateTimeOffset.TryParseExact(text, Times, culture, utc, out var time) ? Of(time) : null;
    }

    /// <summary>Seconds since 1970 as decimal text; null if it is none or outside the years 1000 to 9999.</summary>
    internal static PreciseDate? EpochSeconds(string text)
    {
        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (!decimal.TryParse(text, style, CultureInfo.InvariantCulture, out var seconds))
            return null;
        var whole = decimal.Floor(seconds);
        return whole < DateTimeOffset.MinValue.ToUnixTimeSeconds() || whole > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? null
            : Of(DateTimeOffset.FromUnixTimeSeconds((long)whole));
    }

    /// <summary>The day of a date that may have a time.</summary>
    internal static PreciseDate DayOf(PreciseDate date)
    {
        var day = date.Clone();
        day.SecondOfDay = 0;
        if (day.Precision is DatePrecision.Time)
            day.Precision = DatePrecision.Day;
        return day;
    }

    private static PreciseDate? Of(DateTimeOffset time)
    {
        var date = Of(time.Year, time.Month, time.Day);
        if (date is not null)
            (date.Precision, date.SecondOfDay) = (DatePrecision.Time, (int)time.TimeOfDay.TotalSeconds);
        return date;
    }

    private static PreciseDate? Of(int year, int month, int day) => year < FirstYear ? null : new PreciseDate
    {
        Year = year,
        Month = month,
        Day = day,
        Precision = day > 0 ? DatePrecision.Day : month > 0 ? DatePrecision.Month : DatePrecision.Year,
    };
}
