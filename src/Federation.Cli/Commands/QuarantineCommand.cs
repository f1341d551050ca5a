using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation quarantine list</c>: received records that are proven but not understood.</summary>
internal static class QuarantineCommand
{
    private const int PageSize = 1000;

    public static Command Create()
    {
        var list = new Command("list", "Lists them, with why each is held.");
        list.Runs(ListAsync);
        return new Command("quarantine", "Received records that are proven but not shown.") { list };
    }

    private static async Task<int> ListAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var all = new ListQuarantinedResponse();
        var request = new ListQuarantinedRequest { PageSize = PageSize };
        do
        {
            var page = await node.Operator.ListQuarantinedAsync(request, node.Unary(cancellationToken));
            all.Records.Add(page.Records);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        scope.Write(all, console =>
        {
            var table = Tables.Create("origin", "record", "received from", "received", "why");
            foreach (var record in all.Records)
                table.With(record.Origin, record.RecordId, record.ReceivedFrom, record.ReceivedAt, record.Reason);
            console.Write(table);
        });
        return ExitCode.Ok;
    }
}
