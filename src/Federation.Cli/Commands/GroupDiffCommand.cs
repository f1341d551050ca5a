using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation group diff NAME MEMBER…</c>: what other members would change, before they do.</summary>
internal static class GroupDiffCommand
{
    private const int PageSize = 1000;

    private static readonly Argument<string> Name = new("NAME") { Description = "The group's name." };

    private static readonly Argument<string[]> Members = new("MEMBER")
    {
        Description = "The institute ids of all the members that it would have; none if it would be empty.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> Partner = new("--partner")
    {
        Description = "List the records and parts that would change for this partner; otherwise only how many, for every partner that it concerns.",
        HelpName = "INSTITUTE",
    };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "diff",
            "Says what a change of members would send, revise and withdraw. Nothing is written and nothing is sent.",
            "federation group diff network jp sg",
            "federation group diff network jp sg --partner uk")
        {
            Name, Members, Partner, ListLimit.Option,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var limit = ListLimit.Read(scope);
        var request = new PreviewGroupRequest
        {
            Name = scope.Get(Name),
            Members = { scope.Arguments.GetValue(Members) ?? [] },
            Partner = scope.Get(Partner) ?? "",
            PageSize = limit.PageSize(0, PageSize),
        };
        using var node = scope.Connect();
        var page = await node.Operator.PreviewGroupAsync(request, node.Sweep(cancellationToken));
        scope.Console.Write(DisclosureTables.Counts(page.Partners.Select(partner => (partner.Partner, partner.Counts))));
        if (page.Partners.Count == 0)
            scope.Say("It concerns no partner.");
        var counts = page.Partners.FirstOrDefault(partner => partner.Partner == request.Partner)?.Counts;
        var listing = new ChangeListing(scope, request.Partner, counts);
        while (true)
        {
            listing.Write(page, page.Changes);
            request.PageToken = page.NextPageToken;
            if (request.PageToken.Length == 0 || limit.IsReached(listing.Count))
                break;
            request.PageSize = limit.PageSize(listing.Count, PageSize);
            page = await node.Operator.PreviewGroupAsync(request, node.Sweep(cancellationToken));
        }
        listing.End();
        scope.Say(DisclosureTables.NothingDone);
        return ExitCode.Ok;
    }
}
