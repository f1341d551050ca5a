using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation group set NAME MEMBER…</c>: makes a group, or gives it other members.</summary>
internal static class GroupSetCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "The group's name, 2 to 32 of a-z, 0-9 and '-'." };

    private static readonly Argument<string[]> Members = new("MEMBER")
    {
        Description = "The institute ids of all its members. Who is left out is removed.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<bool> Empty = new("--empty") { Description = "Leave the group without members; it then shares with nobody." };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "set",
            "Makes a group, or gives it other members. When it returns, nothing that a removed member may no longer see is handed out any more.",
            "federation group set network jp sg uk",
            "federation group set network --empty")
        {
            Name, Members, Empty, SharingConfirmation.Yes,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var name = scope.Get(Name);
        var members = scope.Arguments.GetValue(Members) ?? [];
        if (members.Length == 0 && !scope.Get(Empty))
            throw CommandFailureException.Usage("No member is named. To leave the group without members, give --empty.");
        if (members.Length > 0 && scope.Get(Empty))
            throw CommandFailureException.Usage("--empty goes without members.");
        using var node = scope.Connect();
        var answer = await SharingConfirmation.RunAsync(
            scope,
            string.Join(' ', ["federation group diff", name, .. members]),
            confirmed => SetAsync(node, name, members, confirmed, cancellationToken),
            () => CountAsync(node, name, members, cancellationToken),
            cancellationToken);
        scope.Write(answer, console => console.Facts(
            ("group", name),
            ("members", members.Length == 0 ? "none: it shares with nobody" : members),
            ("epoch", answer.Epoch),
            ("in force since", answer.InForceAt)));
        return ExitCode.Ok;
    }

    private static async Task<SetGroupResponse> SetAsync(
        NodeConnection node, string name, string[] members, bool confirmed, CancellationToken cancellationToken)
    {
        var request = new SetGroupRequest { Name = name, Members = { members }, Confirmed = confirmed };
        return await node.Operator.SetGroupAsync(request, node.Sweep(cancellationToken));
    }

    private static async Task<List<(string Partner, DisclosureCounts Counts)>> CountAsync(
        NodeConnection node, string name, string[] members, CancellationToken cancellationToken)
    {
        var request = new PreviewGroupRequest { Name = name, Members = { members }, PageSize = 1 };
        var answer = await node.Operator.PreviewGroupAsync(request, node.Sweep(cancellationToken));
        return [.. answer.Partners.Select(partner => (partner.Partner, partner.Counts))];
    }
}
