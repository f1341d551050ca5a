using Federation.V1.Records;

namespace Federation.Protocol.Records;

/// <summary>Checks dates with precision and places them on the time line.</summary>
public static class PreciseDates
{
    /// <summary>Whether the date's fields are within their bounds for its precision.</summary>
    public static bool IsValid(PreciseDate date) => date.Precision switch
    {
        DatePrecision.Year => InYear(date),
        DatePrecision.Month => InYear(date) && date.Month is >= 1 and <= 12,
        DatePrecision.Day => InDay(date),
        DatePrecision.Time => InDay(date) && date.SecondOfDay is >= 0 and < 86_400,
        _ => false,
    };

    /// <summary>The first moment that the date means, in milliseconds since 1970-01-01 UTC; null without a valid date.</summary>
    public static long? FirstMomentMs(PreciseDate? date)
    {
        if (date is null || !IsValid(date))
            return null;
        var month = date.Precision >= DatePrecision.Month ? date.Month : 1;
        var day = date.Precision >= DatePrecision.Day ? date.Day : 1;
        var second = date.Precision == DatePrecision.Time ? date.SecondOfDay : 0;
        return new DateTimeOffset(date.Year, month, day, 0, 0, 0, TimeSpan.Zero).AddSeconds(second).ToUnixTimeMilliseconds();
    }

    /// <summary>The day of a moment.</summary>
    public static PreciseDate DayOf(DateTimeOffset moment) =>
        new() { Year = moment.Year, Month = moment.Month, Day = moment.Day, Precision = DatePrecision.Day };

    private static bool InYear(PreciseDate date) => date.Year is >= 1000 and <= 9999;

    private static bool InDay(PreciseDate date) =>
        InYear(date) && date.Month is >= 1 and <= 12 && date.Day >= 1 && date.Day <= DateTime.DaysInMonth(date.Year, date.Month);
}
