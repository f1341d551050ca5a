using Federation.V1.Node;
using Spectre.Console;

namespace Federation.Cli.Output;

/// <summary>Ledger entries with what decided them, as people see them.</summary>
internal static class EntryTable
{
    public static Table Create(IEnumerable<DisclosureEntry> entries)
    {
        var table = Tables.Create("entry", "operation", "vrev", "revision", "policy", "rule", "why", "when", "receipted");
        foreach (var entry in entries)
        {
            table.With(
                entry.Seq,
                EnumText<DisclosureOperation>.Of(entry.Operation),
                entry.Vrev,
                entry.Revision,
                entry.PolicyEpoch == 0 ? "none" : $"epoch {entry.PolicyEpoch}",
                entry.Rule,
                entry.Reason,
                entry.DecidedAt,
                entry.Receipted);
        }
        return table;
    }
}
