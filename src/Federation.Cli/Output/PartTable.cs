using Federation.V1.Node;
using Spectre.Console;

namespace Federation.Cli.Output;

/// <summary>Part by part what a partner may see of a record.</summary>
internal static class PartTable
{
    public static Table Create(IEnumerable<PartExplanation> parts)
    {
        var table = Tables.Create("part", "type", "key", "marking", "visible", "why", "rule");
        foreach (var part in parts)
            table.With($"{part.PartId:x16}", part.Type, part.Key, MarkingText.Of(part.Marking), part.Visible, part.Reason, part.Rule);
        return table;
    }
}
