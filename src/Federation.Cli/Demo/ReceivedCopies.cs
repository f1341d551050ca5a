using Federation.Cli.Connection;
using Federation.V1.Node;

namespace Federation.Cli.Demo;

/// <summary>Holds what every partner has against what its originator's node says it may see: record by record, part by part.</summary>
internal static class ReceivedCopies
{
    /// <summary>A sentence on the first difference; null if there is none.</summary>
    public static async Task<string?> FindDifferenceAsync(IReadOnlyList<Disclosure> disclosures, CancellationToken cancellationToken)
    {
        foreach (var ledger in disclosures.GroupBy(disclosure => (disclosure.From, disclosure.To)))
        {
            var (from, to) = ledger.Key;
            var copies = await RecordPages.AllAsync(to.Node, new RecordFilter { Origins = { from.Id } }, cancellationToken);
            if (FindDifference(ledger, copies.ToDictionary(copy => copy.RecordId)) is { } difference)
                return $"{from} to {to}: {difference}";
        }
        return null;
    }

    private static string? FindDifference(IEnumerable<Disclosure> ledger, Dictionary<string, RecordView> copies)
    {
        foreach (var disclosure in ledger)
        {
            if (disclosure.Explanation.Disclosed != disclosure.Explanation.Visible)
                return $"'{disclosure.Title}' is {(disclosure.Explanation.Visible ? "visible and not" : "not visible and")} in the ledger.";
            var isHeld = copies.Remove(disclosure.Record.RecordId, out var copy);
            if (isHeld != disclosure.Explanation.Visible)
                return $"'{disclosure.Title}' is {(isHeld ? "held and not" : "visible and not held")}{(isHeld ? " visible" : "")}.";
            if (copy is not null && FindDifference(disclosure, copy) is { } difference)
                return $"'{disclosure.Title}': {difference}";
        }
        return copies.Count == 0 ? null : $"{copies.Count} records are held that the originator does not know.";
    }

    private static string? FindDifference(Disclosure disclosure, RecordView copy)
    {
        if (!Equals(copy.Envelope, disclosure.Record.Envelope))
            return "the envelopes differ.";
        var held = copy.Parts.Where(part => part.PartId != 0).ToDictionary(part => part.PartId);
        var visible = disclosure.VisibleParts;
        if (!visible.SetEquals(held.Keys))
            return $"{held.Count} parts are held and {visible.Count} are visible.";
        var differing = disclosure.Parts.FirstOrDefault(part => visible.Contains(part.PartId) && !Equals(part.Part, held[part.PartId].Part));
        return differing is null ? null : $"part {differing.PartId:x16} differs.";
    }
}
