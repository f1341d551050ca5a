using Federation.Cli.Output;
using Federation.Cli.RecordFiles;
using Federation.V1.Node;
using Federation.V1.Records;

namespace Federation.Cli.Demo;

/// <summary>One revision and one withdrawal, as partners see them arrive.</summary>
internal static class DemoChanges
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task ReviseAsync(DemoNetwork network, DemoScreen screen, TimeProvider clock, DemoChoice choice, CancellationToken cancellationToken)
    {
        screen.Begin("A revision arrives");
        var (from, record) = (choice.From, choice.MostHeld() ?? throw screen.Failed($"no partner holds a record of {choice.From}."));
        var draft = DraftOfView.Create(record);
        draft.Envelope.Title += " (second edition)";
        draft.ChangeSummary = "New title.";
        var request = new ReviseRecordRequest { RecordId = record.RecordId, ExpectedRevision = record.Revision, Record = draft };
        var start = clock.GetTimestamp();
        var result = (await from.Node.Records.ReviseRecordAsync(request, from.Node.Unary(cancellationToken))).Result;
        screen.Require(result.Revision == record.Revision + 1, $"the revision is {result.Revision} after {record.Revision}.");
        var held = await WaitAsync(network, screen, clock, choice, record, copy => Equals(copy.Envelope, draft.Envelope), cancellationToken);
        ShowCopies(screen, record, held);
        screen.Passed($"revision {result.Revision} of {from}'s record is held at {Names(held)}, after {Seconds(clock, start)}.");
    }

    public static async Task WithdrawAsync(DemoNetwork network, DemoScreen screen, TimeProvider clock, DemoChoice choice, CancellationToken cancellationToken)
    {
        screen.Begin("A record is withdrawn, and partners see its state");
        var (from, record) = (choice.From, choice.MostHeld() ?? throw screen.Failed($"no partner holds a second record of {choice.From}."));
        var request = new WithdrawRecordRequest { RecordId = record.RecordId, ExpectedRevision = record.Revision, ReasonCode = "RETRACTED" };
        var start = clock.GetTimestamp();
        await from.Node.Records.WithdrawRecordAsync(request, from.Node.Unary(cancellationToken));
        var held = await WaitAsync(
            network, screen, clock, choice, record,
            copy => copy.Envelope is { State: RecordState.Withdrawn, StateReason: "RETRACTED" } && copy.Parts.All(part => part.PartId == 0),
            cancellationToken);
        ShowCopies(screen, record, held);
        screen.Passed($"state WITHDRAWN, reason RETRACTED and no content are shown at {Names(held)}, after {Seconds(clock, start)}.");
    }

    private static async Task<List<(DemoInstitute At, RecordView Copy)>> WaitAsync(
        DemoNetwork network,
        DemoScreen screen,
        TimeProvider clock,
        DemoChoice choice,
        RecordView record,
        Func<RecordView, bool> isNew,
        CancellationToken cancellationToken)
    {
        List<(DemoInstitute, RecordView)> held = [];
        await Eventually.NothingMissingAsync(screen, clock, Patience, async () =>
        {
            held.Clear();
            foreach (var disclosure in await Disclosures.ReadAsync(network, choice.From, record.RecordId, cancellationToken))
            {
                var copy = await PartnerCopy.FindAsync(disclosure.To, choice.From, record.RecordId, cancellationToken);
                if (copy is null == disclosure.Explanation.Visible)
                    return $"{disclosure.To} {(copy is null ? "does not hold" : "still holds")} '{disclosure.Title}'.";
                if (copy is null)
                    continue;
                if (!isNew(copy))
                    return $"{disclosure.To} holds an earlier state of '{disclosure.Title}'.";
                held.Add((disclosure.To, copy));
            }
            return held.Count == 0 ? "Nobody holds the record any more." : null;
        }, cancellationToken);
        return held;
    }

    private static void ShowCopies(DemoScreen screen, RecordView before, List<(DemoInstitute At, RecordView Copy)> held)
    {
        var table = Tables.Create("", "title", "state", "reason", "parts", "changed");
        table.With(Row($"before, at {before.Origin}", before));
        foreach (var (at, copy) in held)
            table.With(Row($"now, at {at}", copy));
        screen.Show(table);
    }

    private static object?[] Row(string name, RecordView record)
    {
        var envelope = record.Envelope;
        return [name, envelope.Title, EnumText<RecordState>.Of(envelope.State), envelope.StateReason, Parts(record), record.ChangedAt];
    }

    private static string Names(List<(DemoInstitute At, RecordView Copy)> held) => string.Join(", ", held.Select(copy => copy.At));

    private static int Parts(RecordView record) => record.Parts.Count(part => part.PartId != 0);

    private static string Seconds(TimeProvider clock, long start) => $"{clock.GetElapsedTime(start).TotalSeconds:0.0} s";
}
