using Federation.Cli.Output;

namespace Federation.Cli.Demo;

/// <summary>Shows what was withheld from whom, and what decided it.</summary>
internal static class DemoWithheld
{
    private const int MaxRows = 30;
    private const int MaxTitle = 44;
    private const int MaxParts = 60;

    public static void Show(DemoScreen screen, List<Disclosure> disclosures)
    {
        var rows = disclosures.SelectMany(Rows).ToList();
        var table = Tables.Create("withheld from", "of", "record", "what", "why", "rule");
        foreach (var row in rows.Take(MaxRows))
            table.With(row);
        screen.Show(table);
        if (rows.Count > MaxRows)
            screen.Say($"… and {rows.Count - MaxRows} more; 'federation policy explain RECORD PARTNER' tells each.");
        screen.Require(rows.Count > 0, "nothing is withheld from anybody, which the samples' policies do not say.");
        screen.Require(rows.All(row => row[4].Length > 0), "something is withheld and nothing says why.");
        screen.Passed($"{rows.Count} times something is withheld, each with what decided it.");
    }

    private static IEnumerable<string[]> Rows(Disclosure disclosure)
    {
        var explanation = disclosure.Explanation;
        var title = SafeText.Short(disclosure.Title, MaxTitle);
        if (!explanation.Visible)
        {
            yield return [disclosure.To.Id, disclosure.From.Id, title, "the record", explanation.Reason, explanation.Rule];
            yield break;
        }
        foreach (var parts in explanation.Parts.Where(part => !part.Visible).GroupBy(part => (part.Reason, part.Rule)))
        {
            var types = SafeText.Short(string.Join(", ", parts.Select(part => part.Type).Distinct()), MaxParts);
            yield return [disclosure.To.Id, disclosure.From.Id, title, types, parts.Key.Reason, parts.Key.Rule];
        }
    }
}
