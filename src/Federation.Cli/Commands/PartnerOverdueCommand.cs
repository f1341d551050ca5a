using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;
using Spectre.Console;

namespace Federation.Cli.Commands;

/// <summary><c>federation partner overdue</c>: what was withdrawn or erased and no receipt confirms, and which partners owe receipts.</summary>
internal static class PartnerOverdueCommand
{
    private const int PageSize = 1000;

    private static readonly Argument<string?> Partner = new("PARTNER")
    {
        Description = "The partner's institute id; all partners if it is left out.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> OlderThan = new("--older-than")
    {
        Description = "Only removals and receipts of at least this age, such as 90s, 30m, 1h or 7d; 0s lists every one.",
        HelpName = "AGE",
        DefaultValueFactory = _ => "1h",
    };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "overdue",
            "Lists partners whose receipts are overdue, and each withdrawal and erasure that no receipt confirms.",
            "federation partner overdue",
            "federation partner overdue jp --older-than 7d")
        {
            Partner, OlderThan, ListLimit.Option,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var limit = ListLimit.Read(scope);
        var text = scope.Get(OlderThan)!;
        if (!DurationText.TryParse(text, out var age))
            throw CommandFailureException.Usage("--older-than takes a whole number and its unit, s, m, h or d, such as 1h.");
        var request = new ListOverdueRequest { Partner = scope.Arguments.GetValue(Partner) ?? "", OlderThanSeconds = (ulong)age.TotalSeconds };
        using var node = scope.Connect();
        var found = new ListOverdueResponse();
        do
        {
            request.PageSize = limit.PageSize(found.Removals.Count, PageSize);
            var page = await node.Operator.ListOverdueAsync(request, node.Unary(cancellationToken));
            found.Removals.Add(page.Removals);
            found.Receipts.Add(page.Receipts);
            request.PageToken = found.NextPageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0 && !limit.IsReached(found.Removals.Count));
        scope.Write(found, console =>
        {
            WriteReceipts(console, found);
            var table = Tables.Create("partner", "operation", "origin", "record", "entry", "appended", "latest receipt");
            foreach (var removal in found.Removals)
            {
                var operation = EnumText<DisclosureOperation>.Of(removal.Operation);
                var receipt = removal.LastReceiptAt is { } at ? TimeText.Of(at) : "none";
                table.With(removal.Partner, operation, removal.Origin, removal.RecordId, removal.Seq, removal.AppendedAt, receipt);
            }
            console.Write(table);
            if (found.Removals.Count == 0)
                scope.Say($"A receipt confirms every removal of {text} ago or earlier.");
            else if (found.NextPageToken.Length > 0)
                scope.Say(ListLimit.ThereAreMore);
        });
        return ExitCode.Ok;
    }

    private static void WriteReceipts(IAnsiConsole console, ListOverdueResponse found)
    {
        if (found.Receipts.Count == 0)
            return;
        var table = Tables.Create("partner", "no receipt since", "appended", "signed", "delivered", "durable there", "latest receipt");
        foreach (var ledger in found.Receipts)
        {
            var receipt = ledger.LastReceiptAt is { } at ? TimeText.Of(at) : "none";
            table.With(ledger.Partner, ledger.OldestAt, ledger.Appended, ledger.Signed, ledger.Delivered, ledger.Receipted, receipt);
        }
        console.Write(table);
        console.WriteLine();
    }
}
