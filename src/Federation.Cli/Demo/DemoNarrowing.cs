using Federation.Cli.Output;
using Federation.Cli.RecordFiles;
using Federation.V1.Node;
using Federation.V1.Records;

namespace Federation.Cli.Demo;

/// <summary>A record is marked higher: the ledgers of partners who may no longer see it take it back, and the partners sign for that.</summary>
internal static class DemoNarrowing
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(DemoNetwork network, DemoScreen screen, TimeProvider clock, DemoChoice choice, CancellationToken cancellationToken)
    {
        screen.Begin("A marking is narrowed, and the ledger takes the record back");
        var from = choice.From;
        var record = choice.MostHeldBelow(Marking.AmberStrict) ?? throw screen.Failed($"no partner holds a record of {from} that can be marked higher.");
        var holders = await HoldersAsync(network, from, record, cancellationToken);
        await NarrowAsync(from, record, cancellationToken);
        var (losers, keepers) = await SplitAsync(network, screen, from, record, holders, cancellationToken);

        Positions? positions = null;
        await Eventually.NothingMissingAsync(screen, clock, Patience, async () =>
        {
            foreach (var at in losers)
            {
                if (await PartnerCopy.FindAsync(at, from, record.RecordId, cancellationToken) is not null)
                    return $"{at} still holds '{record.Envelope.Title}'.";
            }
            positions = await Positions.ReadAsync(network, cancellationToken);
            return losers.Concat(keepers).Select(at => (At: at, Ledger: positions.Outbound(from, at)))
                .Where(pair => pair.Ledger.Receipted < pair.Ledger.Appended)
                .Select(pair => $"{pair.At} has signed for {pair.Ledger.Receipted} of {pair.Ledger.Appended} entries.")
                .FirstOrDefault();
        }, cancellationToken);

        Show(screen, from, record, losers, keepers, positions!);
        foreach (var at in keepers)
        {
            var copy = await PartnerCopy.FindAsync(at, from, record.RecordId, cancellationToken);
            screen.Require(copy?.Envelope.Marking == Marking.AmberStrict, $"{at} may see the record and does not hold it under its new marking.");
        }
        screen.Passed(
            $"RECORD_NOT_FOUND at {Names(losers)}, with a signed receipt that covers the WITHDRAW; "
            + $"kept under its new marking at {Names(keepers)}.");
    }

    private static string Names(List<DemoInstitute> institutes) => institutes.Count == 0 ? "no partner" : string.Join(", ", institutes);

    private static async Task<List<DemoInstitute>> HoldersAsync(DemoNetwork network, DemoInstitute from, RecordView record, CancellationToken cancellationToken)
    {
        var disclosures = await Disclosures.ReadAsync(network, from, record.RecordId, cancellationToken);
        return [.. disclosures.Where(disclosure => disclosure.Explanation.Visible).Select(disclosure => disclosure.To)];
    }

    private static async Task NarrowAsync(DemoInstitute from, RecordView record, CancellationToken cancellationToken)
    {
        var draft = DraftOfView.Create(record);
        draft.Envelope.Marking = Marking.AmberStrict;
        draft.Envelope.Onward = Onward.None;
        draft.ChangeSummary = "Marked higher.";
        var request = new ReviseRecordRequest { RecordId = record.RecordId, ExpectedRevision = record.Revision, Record = draft };
        await from.Node.Records.ReviseRecordAsync(request, from.Node.Unary(cancellationToken));
    }

    private static async Task<(List<DemoInstitute> Losers, List<DemoInstitute> Keepers)> SplitAsync(
        DemoNetwork network, DemoScreen screen, DemoInstitute from, RecordView record, List<DemoInstitute> holders, CancellationToken cancellationToken)
    {
        var still = await HoldersAsync(network, from, record, cancellationToken);
        var losers = holders.Where(at => !still.Contains(at)).ToList();
        screen.Require(losers.Count > 0, $"'{record.Envelope.Title}' is still visible to all who held it.");
        return (losers, still);
    }

    private static void Show(
        DemoScreen screen, DemoInstitute from, RecordView record, List<DemoInstitute> losers, List<DemoInstitute> keepers, Positions positions)
    {
        screen.Say($"{from} marks '{record.Envelope.Title}' {MarkingText.Of(Marking.AmberStrict)}; it was {MarkingText.Of(record.Envelope.Marking)}.");
        var table = Tables.Create("partner", "its copy", "entries in its ledger", "entries in its receipt", "receipt signed");
        foreach (var at in losers.Concat(keepers))
        {
            var ledger = positions.Outbound(from, at);
            table.With(at.Id, losers.Contains(at) ? "gone: RECORD_NOT_FOUND" : "kept, newly marked", ledger.Appended, ledger.Receipted, ledger.ReceiptAt);
        }
        screen.Show(table);
    }
}
