using Federation.Formats.Reading;
using Federation.V1.Records;

namespace Federation.Formats.Eee;

/// <summary>
/// Maps standard error and confidence interval. Some sources write the interval as distances from the score; since nothing says so,
/// an interval that doesn't hold its own score, or lies evenly around zero, is not carried.
/// </summary>
internal static class EeeUncertainty
{
    private const int MethodChars = 256;

    internal static void Map(EeeEntry entry, MetricScore score, double value, SourceNode? uncertainty)
    {
        if (uncertainty is null)
            return;
        var mapped = new ScoreUncertainty();
        MapError(entry.Fields, mapped, entry.Fields.Object(uncertainty, "standard_error"));
        MapInterval(entry, mapped, value, entry.Fields.Object(uncertainty, "confidence_interval"));
        if (mapped.CalculateSize() > 0)
            score.Uncertainty = mapped;
        score.ScoredCount = SourceFields.Count(uncertainty, "num_samples");
    }

    private static void MapError(SourceFields fields, ScoreUncertainty mapped, SourceNode? error)
    {
        if (fields.PeekNumber(error, "value") is not { } value || value < 0)
            return;
        mapped.StandardError = value;
        error!["value"]!.Carry();
        AddMethod(mapped, "standard error", fields.PeekText(error, "method"), error["method"]);
    }

    private static void MapInterval(EeeEntry entry, ScoreUncertainty mapped, double score, SourceNode? interval)
    {
        var lower = entry.Fields.PeekNumber(interval, "lower");
        var upper = entry.Fields.PeekNumber(interval, "upper");
        if (lower is null || upper is null)
            return;
        var isAroundZero = lower == -upper && score != 0;
        if (lower > score || upper < score || isAroundZero)
        {
            entry.Draft.Losses.Add(interval!, "the interval doesn't hold its score, or holds distances from it, and is not carried");
            return;
        }
        (mapped.IntervalLower, mapped.IntervalUpper) = (lower.Value, upper.Value);
        interval!["lower"]!.Carry();
        interval["upper"]!.Carry();
        if (entry.Fields.PeekNumber(interval, "confidence_level") is { } level and >= 0 and <= 1)
        {
            mapped.IntervalLevel = level;
            interval["confidence_level"]!.Carry();
        }
        AddMethod(mapped, "interval", entry.Fields.PeekText(interval, "method"), interval["method"]);
    }

    private static void AddMethod(ScoreUncertainty mapped, string of, string? method, SourceNode? node)
    {
        if (method is null)
            return;
        var text = mapped.Method.Length == 0 ? $"{of}: {method}" : $"{mapped.Method}; {of}: {method}";
        if (text.Length > MethodChars)
            return;
        mapped.Method = text;
        node!.Carry();
    }
}
