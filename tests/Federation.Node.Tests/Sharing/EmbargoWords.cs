using System.Globalization;

namespace Federation.Node.Tests.Sharing;

/// <summary>An embargo as an author writes it; empty words for what is not said.</summary>
internal sealed record EmbargoWords(string Until, string After)
{
    public static readonly EmbargoWords None = new("", "");

    public string ToYaml()
    {
        string[] words = [Until.Length > 0 ? $"until: {Until}" : "", After.Length > 0 ? $"after_publication: {After}" : ""];
        return $"{{{string.Join(", ", words.Where(word => word.Length > 0))}}}";
    }

    /// <summary>When it ends: the moment, or never where nobody knows from when to count.</summary>
    public decimal End(bool known, long published)
    {
        var moment = Until.Length > 0 ? Until : "1970-01-01";
        decimal until = DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();
        if (After.Length == 0)
            return until;
        var count = int.Parse(After[..^1], CultureInfo.InvariantCulture);
        var span = After.EndsWith('d') ? TimeSpan.FromDays(count) : TimeSpan.FromHours(count);
        return known && published > 0 ? Math.Max(until, published + (decimal)span.TotalMilliseconds) : decimal.MaxValue;
    }
}
