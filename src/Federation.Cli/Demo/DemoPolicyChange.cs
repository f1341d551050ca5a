using Federation.Cli.Output;
using Federation.V1.Node;
using Federation.V1.Records;

namespace Federation.Cli.Demo;

/// <summary>A policy is narrowed: first the dry run says what that would do, then it is done, and the history says why.</summary>
internal static class DemoPolicyChange
{
    // As the samples' policy for a close ally, but for one kind.
    private const string Narrowed = """
        version: 1
        ceiling: RED
        rules:
          - name: everything
            allow: {}
            withhold: [incident_reporter_contact]
            show: [import_source]
            envelope: share
          - name: not-this-kind
            deny:
              kinds: [KIND]
        """;

    public static async Task RunAsync(DemoNetwork network, DemoScreen screen, TimeProvider clock, CancellationToken cancellationToken)
    {
        screen.Begin("A policy is narrowed: a dry run, the change, and its history");
        var (from, to) = (network.Institutes[0], network.Institutes[1]);
        // The dry run compares with the ledger, so nothing may be under way.
        var held = Visible(await Convergence.WaitAsync(network, screen, clock, cancellationToken), from, to);
        var kind = held.GroupBy(record => record.Kind).OrderByDescending(records => records.Count()).ThenBy(records => records.Key).FirstOrDefault()?.Key
            ?? throw screen.Failed($"{to} holds no record of {from}.");
        var policy = Narrowed.Replace("KIND", EnumText<RecordKind>.Of(kind), StringComparison.Ordinal);

        var before = (await Positions.ReadAsync(network, cancellationToken)).Outbound(from, to);
        var (counts, changes) = await PreviewAsync(from, to, policy, cancellationToken);
        var after = (await Positions.ReadAsync(network, cancellationToken)).Outbound(from, to);
        screen.Require(after.Appended == before.Appended, "the dry run wrote to the ledger.");
        screen.Say($"{from} denies {to} every {EnumText<RecordKind>.Of(kind)}. 'federation policy diff' says what that would do:");
        screen.Show(DisclosureTables.Counts([(to.Id, counts)]));
        screen.Show(DisclosureTables.Changes(changes));
        var withdrawn = Ids(changes, DisclosureEffect.Withdrawn);
        screen.Require(withdrawn.IsSupersetOf(held.Where(record => record.Kind == kind).Select(record => record.RecordId)), "the dry run leaves some out.");

        var request = new ApplyPolicyRequest { Partner = to.Id, Policy = policy, FileName = "narrowed.yaml", Confirmed = true };
        var applied = await from.Node.Operator.ApplyPolicyAsync(request, from.Node.Sweep(cancellationToken));
        var holds = Visible(await Convergence.WaitAsync(network, screen, clock, cancellationToken), from, to).Select(record => record.RecordId).ToHashSet();
        var gone = held.Select(record => record.RecordId).Where(id => !holds.Contains(id));
        screen.Require(withdrawn.SetEquals(gone), "what the change took back is not what the dry run said.");
        screen.Require(holds.Except(held.Select(record => record.RecordId)).ToHashSet().SetEquals(Ids(changes, DisclosureEffect.Sent)), "more was sent.");
        screen.Passed($"the dry run wrote nothing; the change then took back the {withdrawn.Count} records that it had named, and no other.");
        await ShowHistoryAsync(screen, from, to, withdrawn.Order(StringComparer.Ordinal).First(), applied.Epoch, cancellationToken);
    }

    private static List<RecordView> Visible(List<Disclosure> disclosures, DemoInstitute from, DemoInstitute to) =>
    [
        .. disclosures.Where(disclosure => disclosure.From == from && disclosure.To == to && disclosure.Explanation.Visible).Select(disclosure => disclosure.Record),
    ];

    private static HashSet<string> Ids(IEnumerable<DisclosureChange> changes, DisclosureEffect effect) =>
        [.. changes.Where(change => change.Effect == effect).Select(change => change.RecordId)];

    private static async Task<(DisclosureCounts Counts, IReadOnlyList<DisclosureChange> Changes)> PreviewAsync(
        DemoInstitute from, DemoInstitute to, string policy, CancellationToken cancellationToken)
    {
        var request = new PreviewPolicyRequest { Partner = to.Id, Policy = policy, FileName = "narrowed.yaml", PageSize = 1000 };
        var answer = await from.Node.Operator.PreviewPolicyAsync(request, from.Node.Sweep(cancellationToken));
        return (answer.Counts, answer.Changes);
    }

    private static async Task ShowHistoryAsync(
        DemoScreen screen, DemoInstitute from, DemoInstitute to, string record, ulong epoch, CancellationToken cancellationToken)
    {
        var request = new ListDisclosuresRequest { Partner = to.Id, RecordId = record };
        var entries = (await from.Node.Operator.ListDisclosuresAsync(request, from.Node.Unary(cancellationToken))).Entries;
        screen.Say($"'federation policy history {to} --record {record}' says what became of one of them:");
        screen.Show(EntryTable.Create(entries));
        var last = entries.LastOrDefault();
        screen.Require(
            last is { Operation: DisclosureOperation.Withdraw, Receipted: true } && last.PolicyEpoch == epoch,
            $"the last entry of {record} is no withdrawal under epoch {epoch} that is receipted.");
        var replay = new ReplayDecisionRequest { Partner = to.Id, Seq = last!.Seq };
        var answer = await from.Node.Operator.ReplayDecisionAsync(replay, from.Node.Unary(cancellationToken));
        screen.Require(answer.Confirmed, $"entry {last.Seq} does not come out again as it was decided: {answer.Outcome}");
        screen.Passed($"entry {last.Seq} was decided by rule '{last.Rule}' of policy epoch {epoch}, and comes out the same when it is decided again.");
    }
}
