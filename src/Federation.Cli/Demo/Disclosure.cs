using Federation.V1.Node;

namespace Federation.Cli.Demo;

/// <summary>What one institute's node says about one of its records toward one partner.</summary>
internal sealed record Disclosure(DemoInstitute From, DemoInstitute To, RecordView Record, ExplainRecordResponse Explanation)
{
    public string Title => Record.Envelope?.Title ?? Record.RecordId;

    /// <summary>The record's parts, without the envelope.</summary>
    public IEnumerable<PartView> Parts => Record.Parts.Where(part => part.PartId != 0);

    /// <summary>
    /// The ids of those parts that the partner may see. A record that was withdrawn without its content is still decided by the parts it
    /// had, so the explanation may list more than there are.
    /// </summary>
    public HashSet<ulong> VisibleParts
    {
        get
        {
            if (!Explanation.Visible)
                return [];
            var visible = Explanation.Parts.Where(part => part.Visible).Select(part => part.PartId);
            return [.. Parts.Select(part => part.PartId).Intersect(visible)];
        }
    }
}
