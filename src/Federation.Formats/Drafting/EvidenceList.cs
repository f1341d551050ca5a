using Federation.Formats.Reading;
using Federation.V1.Records;

namespace Federation.Formats.Drafting;

/// <summary>Counts the references of one record and puts them on parts as evidence, as far as the bounds allow.</summary>
internal sealed class EvidenceList(LossNotes losses)
{
    private int _total;

    /// <summary>Adds evidence to a part and marks its source fields as carried; beyond the bounds they stay unmapped, with a note.</summary>
    internal void Add(Part part, Evidence evidence, SourceNode source, params ReadOnlySpan<SourceNode?> fields)
    {
        if (part.Evidence.Contains(evidence))
        {
            CarryAll(fields);
            return;
        }
        if (evidence.Url.Length > DraftLimits.UrlChars || evidence.Title.Length > DraftLimits.TitleChars)
        {
            losses.Add(source, "not carried as evidence: the address or title is too long");
            return;
        }
        if (_total == DraftLimits.References || part.Evidence.Count == DraftLimits.EvidencePerPart)
        {
            losses.Add(source, "not carried as evidence: a part has at most 64 and a record 256");
            return;
        }
        _total++;
        part.Evidence.Add(evidence);
        CarryAll(fields);
    }

    private static void CarryAll(ReadOnlySpan<SourceNode?> fields)
    {
        foreach (var field in fields)
            field?.Carry();
    }
}
