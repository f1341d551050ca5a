using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation evidence</c>: proof for third parties; and signed objects that were kept because something was wrong with them.</summary>
internal static class EvidenceCommand
{
    private const int PageSize = 100;

    private static readonly Option<string> Partner = new("--partner") { Description = "Only of this partner.", HelpName = "INSTITUTE" };

    public static Command Create()
    {
        var list = new Command("list", "Lists them, oldest first; with --output json with the objects themselves (base64).") { Partner };
        list.Runs(ListAsync);
        return new Command("evidence", "Proof for others of what was disclosed; and what was kept when a ledger was halted or a receipt refused.")
        {
            EvidenceExportCommand.Create(), list, EvidenceShowCommand.Create(),
        };
    }

    private static async Task<int> ListAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var all = new ListEvidenceResponse();
        var request = new ListEvidenceRequest { Partner = scope.Get(Partner) ?? "", PageSize = PageSize };
        do
        {
            var page = await node.Operator.ListEvidenceAsync(request, node.Unary(cancellationToken));
            all.Items.Add(page.Items);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        scope.Write(all, console =>
        {
            var table = Tables.Create("no", "partner", "at", "fault", "detail", "objects");
            foreach (var item in all.Items)
                table.With(item.Number, item.Partner, item.At, item.Fault, item.Detail, item.Objects.Count);
            console.Write(table);
        });
        return ExitCode.Ok;
    }
}
