using Federation.Cli.Output;
using Federation.V1.Records;

namespace Federation.Cli.Demo;

/// <summary>Shows what each partner received.</summary>
internal static class DemoReceived
{
    private const int MaxTitle = 48;

    public static void Show(DemoScreen screen, DemoNetwork network, List<Disclosure> disclosures)
    {
        if (network.Institutes.Count <= DemoInstitutes.MostInDetail)
        {
            foreach (var records in disclosures.GroupBy(disclosure => disclosure.From))
                ShowRecords(screen, records.Key, [.. records]);
        }
        else
        {
            ShowCounts(screen, network, disclosures);
        }
        var held = disclosures.Count(disclosure => disclosure.Explanation.Visible);
        screen.Passed($"{held} copies are held, and each equals, part by part, what its originator's policy makes visible; nothing else is held.");
        screen.Passed("every partner has signed a receipt for every entry.");
    }

    private static void ShowRecords(DemoScreen screen, DemoInstitute from, List<Disclosure> disclosures)
    {
        var partners = disclosures.Select(disclosure => disclosure.To).Distinct().ToList();
        var table = Tables.Create([$"records of {from}", "kind", "marking", .. partners.Select(to => $"at {to}")]);
        foreach (var record in disclosures.GroupBy(disclosure => disclosure.Record.RecordId))
        {
            var first = record.First();
            table.With([
                SafeText.Short(first.Title, MaxTitle),
                EnumText<RecordKind>.Of(first.Record.Kind),
                MarkingText.Of(first.Record.Envelope.Marking),
                .. record.Select(Cell),
            ]);
        }
        screen.Show(table);
    }

    private static string Cell(Disclosure disclosure)
    {
        if (!disclosure.Explanation.Visible)
            return "–";
        var (visible, all) = (disclosure.VisibleParts.Count, disclosure.Parts.Count());
        return visible == all ? $"all {all} parts" : $"{visible} of {all} parts";
    }

    private static void ShowCounts(DemoScreen screen, DemoNetwork network, List<Disclosure> disclosures)
    {
        var byLedger = disclosures.ToLookup(disclosure => (disclosure.From, disclosure.To));
        var table = Tables.Create(["records held", .. network.Institutes.Select(to => $"at {to}")]);
        foreach (var from in network.Institutes)
        {
            table.With([$"of {from}", .. network.Institutes.Select(to =>
            {
                var ledger = byLedger[(from, to)].ToList();
                return from == to ? "" : $"{ledger.Count(disclosure => disclosure.Explanation.Visible)}/{ledger.Count}";
            })]);
        }
        screen.Show(table);
    }
}
