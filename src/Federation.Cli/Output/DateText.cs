using Federation.V1.Records;

namespace Federation.Cli.Output;

/// <summary>Dates as precise as they are meant.</summary>
internal static class DateText
{
    public static string Of(PreciseDate? date)
    {
        if (date is null)
            return "";
        var text = date.Precision switch
        {
            DatePrecision.Year => $"{date.Year:D4}",
            DatePrecision.Month => $"{date.Year:D4}-{date.Month:D2}",
            DatePrecision.Time => $"{date.Year:D4}-{date.Month:D2}-{date.Day:D2} {TimeSpan.FromSeconds(date.SecondOfDay):hh\\:mm\\:ss}Z",
            _ => $"{date.Year:D4}-{date.Month:D2}-{date.Day:D2}",
        };
        return date.Estimated ? $"about {text}" : text;
    }
}
