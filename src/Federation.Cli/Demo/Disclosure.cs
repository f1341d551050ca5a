using Federation.V1.Node;

namespace Federation.Cli.Demo;

/// <summary>What one institute's node says about one of its records toward one partner.</summary>
internal sealed record Disclosure(DemoInstitute From, DemoInstitute To, RecordView Record, ExplainRecordResponse Explanation)
{
    public string Title => Record.Envelope?.Title ?? Record.RecordId;

    /// <summary>The ids of the parts that the partner may see, without the envelope.</summary>
    public HashSet<ulong> VisibleParts =>
        Explanation.Visible ? [.. Explanation.Parts.Where(part => part is { Visible: true, PartId: not 0 }).Select(part => part.PartId)] : [];

    /// <summary>The record's parts, without the envelope.</summary>
    public IEnumerable<PartView> Parts => Record.Parts.Where(part => part.PartId != 0);
}
