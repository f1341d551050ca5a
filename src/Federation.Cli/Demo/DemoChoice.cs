using Federation.V1.Node;
using Federation.V1.Records;

namespace Federation.Cli.Demo;

/// <summary>Chooses the records that the demo changes: each another one, of one institute, which partners hold.</summary>
internal sealed class DemoChoice(DemoInstitute from, IReadOnlyList<Disclosure> disclosures)
{
    private readonly HashSet<string> _taken = [];

    /// <summary>The institute whose records are changed.</summary>
    public DemoInstitute From { get; } = from;

    /// <summary>The record that most partners hold.</summary>
    public RecordView? MostHeld() => Take(_ => true);

    /// <summary>The record that most partners hold and that can be marked higher.</summary>
    public RecordView? MostHeldBelow(Marking marking) => Take(record => record.Envelope.Marking < marking);

    private RecordView? Take(Func<RecordView, bool> isSuitable)
    {
        var record = disclosures
            .Where(disclosure => disclosure.From == From && disclosure.Explanation.Visible)
            .GroupBy(disclosure => disclosure.Record.RecordId)
            .Where(copies => !_taken.Contains(copies.Key) && isSuitable(copies.First().Record))
            .OrderByDescending(copies => copies.Count())
            .ThenBy(copies => copies.Key, StringComparer.Ordinal)
            .FirstOrDefault()?.First().Record;
        if (record is not null)
            _taken.Add(record.RecordId);
        return record;
    }
}
