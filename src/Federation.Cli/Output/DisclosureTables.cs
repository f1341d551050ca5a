using Federation.V1.Node;
using Federation.V1.Records;
using Spectre.Console;

namespace Federation.Cli.Output;

/// <summary>What a change of sharing would do, as people see it.</summary>
internal static class DisclosureTables
{
    public const string NothingDone = "Nothing was written, nothing was sent.";

    /// <summary>How much would change, a row for each partner.</summary>
    public static Table Counts(IEnumerable<(string Partner, DisclosureCounts Counts)> partners)
    {
        var table = Tables.Create("partner", "records sent", "revised", "withdrawn", "of own records", "needs confirmation");
        foreach (var (partner, counts) in partners)
            table.With(partner, counts.Sent, counts.Revised, counts.Withdrawn, counts.OwnRecords, counts.ConfirmationRequired);
        return table;
    }

    /// <summary>Record by record what would change for one partner, and below each its parts.</summary>
    public static Table Changes(IEnumerable<DisclosureChange> changes)
    {
        var table = Tables.Create("effect", "origin", "record", "kind or part", "why", "rule");
        foreach (var change in changes)
        {
            var why = change.Pending ? $"{change.Reason}; the ledger was behind already" : change.Reason;
            table.With(EnumText<DisclosureEffect>.Of(change.Effect), change.Origin, change.RecordId, EnumText<RecordKind>.Of(change.Kind), why, change.Rule);
            foreach (var part in change.Parts)
                table.With($"· {EnumText<DisclosureEffect>.Of(part.Effect)}", "", $"· part {part.PartId:x16}", part.Type, part.Reason, part.Rule);
        }
        return table;
    }

    /// <summary>How many records a change concerns.</summary>
    public static ulong Total(DisclosureCounts counts) => counts.Sent + counts.Revised + counts.Withdrawn;
}
