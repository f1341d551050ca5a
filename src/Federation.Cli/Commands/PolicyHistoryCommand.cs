using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.V1.Node;
using Spectre.Console;

namespace Federation.Cli.Commands;

/// <summary><c>federation policy history PARTNER</c>: which policies were in force, and which decided over each ledger entry.</summary>
internal static class PolicyHistoryCommand
{
    private const int PageSize = 1000;

    private static readonly Argument<string> Partner = new("PARTNER") { Description = "The partner's institute id." };

    private static readonly Option<string> Id = new("--record")
    {
        Description = "The entries of this own record in the partner's ledger, each with the policy and rule that decided it.",
        HelpName = "ID",
    };

    private static readonly Option<ulong?> Entry = new("--entry")
    {
        Description = "Make the decision behind this entry again, by the policy, memberships and facts of that moment; "
            + $"the exit code is {ExitCode.VerificationFailed} if it does not come out as the entry says.",
        HelpName = "SEQ",
    };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "history",
            "Lists every policy that was in force for a partner, newest first; or says by which one a ledger entry was decided.",
            "federation policy history jp --record 7f9c0e52-6a0d-4c58-9b1e-2f6f0d1c8a11",
            "federation policy history jp --entry 42")
        {
            Partner, Id, Entry,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var (partner, record, entry) = (scope.Get(Partner), scope.Get(Id), scope.Get(Entry));
        if (record is not null && entry is not null)
            throw CommandFailureException.Usage("--record and --entry ask for different things; give one of them.");
        using var node = scope.Connect();
        if (entry is { } seq)
            await ReplayAsync(scope, node, partner, seq, cancellationToken);
        else if (record is not null)
            await ListEntriesAsync(scope, node, partner, record, cancellationToken);
        else
            await ListPoliciesAsync(scope, node, partner, cancellationToken);
        return ExitCode.Ok;
    }

    private static async Task ListPoliciesAsync(CommandScope scope, NodeConnection node, string partner, CancellationToken cancellationToken)
    {
        var all = new ListPoliciesResponse();
        await foreach (var policy in PolicyPages.ReadAsync(node, partner, cancellationToken))
            all.Policies.Add(policy);
        scope.Write(all, console =>
        {
            var table = Tables.Create("epoch", "in force since", "applied by", "class");
            foreach (var policy in all.Policies)
                table.With(policy.Epoch, policy.AppliedAt, policy.AppliedBy, HashText.Short(policy.ClassHash));
            console.Write(table);
        });
    }

    private static async Task ListEntriesAsync(CommandScope scope, NodeConnection node, string partner, string record, CancellationToken cancellationToken)
    {
        var all = new ListDisclosuresResponse();
        var request = new ListDisclosuresRequest { Partner = partner, RecordId = record, PageSize = PageSize };
        do
        {
            var page = await node.Operator.ListDisclosuresAsync(request, node.Unary(cancellationToken));
            all.Entries.Add(page.Entries);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        scope.Write(all, console => console.Write(EntryTable.Create(all.Entries)));
    }

    private static async Task ReplayAsync(CommandScope scope, NodeConnection node, string partner, ulong seq, CancellationToken cancellationToken)
    {
        var answer = await node.Operator.ReplayDecisionAsync(new ReplayDecisionRequest { Partner = partner, Seq = seq }, node.Unary(cancellationToken));
        scope.Write(answer, console => Show(console, answer));
        if (!answer.Confirmed)
            throw CommandFailureException.Unverified($"Entry {seq} for {partner} is not confirmed. {answer.Outcome}".TrimEnd());
    }

    private static void Show(IAnsiConsole console, ReplayDecisionResponse answer)
    {
        var entry = answer.Entry ?? new DisclosureEntry();
        console.Write(EntryTable.Create([entry]));
        console.Facts(
            ("record", $"{entry.Origin} {entry.RecordId}"),
            ("policy", entry.PolicyEpoch == 0 ? "none" : $"epoch {entry.PolicyEpoch}"),
            ("  in force since", answer.Policy?.AppliedAt),
            ("  class", answer.Policy is { } policy ? HashText.Short(policy.ClassHash) : null),
            ("memberships", entry.Membership == 0 ? "no group" : $"change {entry.Membership}"),
            ("statement", HashText.Of(answer.StatementHash)),
            ("decided again", answer.Replayed),
            ("confirmed", answer.Confirmed),
            ("outcome", answer.Outcome));
        if (answer.Parts.Count > 0)
            console.Write(PartTable.Create(answer.Parts));
    }
}
