using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation community list</c>: the lists, their members, and which partners have loaded the same.</summary>
internal static class CommunityListCommand
{
    public static Command Create()
    {
        var command = new CommandWithExamples(
            "list", "Lists the community lists, and which partners have loaded the same.", "federation community list");
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var found = await node.Operator.ListCommunitiesAsync(new ListCommunitiesRequest(), node.Unary(cancellationToken));
        scope.Write(found, console =>
        {
            var table = Tables.Create("list", "digest", "members", "counts here", "loaded alike by", "set", "set by");
            foreach (var list in found.Communities)
            {
                var members = list.Members.Count == 0 ? ["none"] : list.Members.Select(member => member.Institute);
                var alike = list.AgreeingPartners.Count == 0 ? ["nobody"] : list.AgreeingPartners.AsEnumerable();
                table.With(list.Name, list.Digest, members, list.Counts, alike, list.SetAt, list.SetBy);
            }
            console.Write(table);
        });
        return ExitCode.Ok;
    }
}
