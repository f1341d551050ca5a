using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation group list</c>: the groups and who is in them.</summary>
internal static class GroupListCommand
{
    private const int PageSize = 1000;

    public static Command Create()
    {
        var command = new CommandWithExamples("list", "Lists the groups with their present members.", "federation group list");
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var all = new ListGroupsResponse();
        var request = new ListGroupsRequest { PageSize = PageSize };
        do
        {
            var page = await node.Operator.ListGroupsAsync(request, node.Unary(cancellationToken));
            all.Groups.Add(page.Groups);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        scope.Write(all, console =>
        {
            var table = Tables.Create("group", "epoch", "members", "in force since", "set by");
            foreach (var group in all.Groups)
                table.With(group.Name, group.Epoch, group.Members.Count == 0 ? "none" : group.Members, group.SetAt, group.SetBy);
            console.Write(table);
        });
        return ExitCode.Ok;
    }
}
