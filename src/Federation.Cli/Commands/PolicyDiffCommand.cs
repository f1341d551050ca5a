using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation policy diff PARTNER… FILE</c>: exactly what a policy would change, before it does.</summary>
internal static class PolicyDiffCommand
{
    private const int PageSize = 1000;

    private static readonly Argument<string[]> Partners = PartnersArgument();

    private static readonly Argument<string> File = new("FILE") { Description = "The policy (YAML)." };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "diff",
            "Says which records and parts a policy would send, revise and withdraw, compared with what the partner's ledger holds now. "
            + "Nothing is written and nothing is sent. With --output json, a page of changes is a line.",
            "federation policy diff jp jp.yaml",
            "federation policy diff jp,sg partners.yaml --limit 0")
        {
            Partners, File, ListLimit.Option,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static Argument<string[]> PartnersArgument() => new("PARTNER")
    {
        Description = "The partners' institute ids, apart or with commas between them.",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            // An argument of several words takes all there are, and the last one is the file.
            var words = result.Tokens.Select(token => token.Value).ToList();
            if (words.Count > 1)
            {
                result.OnlyTake(words.Count - 1);
                words.RemoveAt(words.Count - 1);
            }
            return [.. words.SelectMany(word => word.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct()];
        },
    };

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var limit = ListLimit.Read(scope);
        var partners = scope.Get(Partners);
        if (partners.Length == 0)
            throw CommandFailureException.Usage("No partner is named.");
        var policy = await PolicyFile.ReadAsync(scope.Get(File), cancellationToken);
        using var node = scope.Connect();
        // The counts of all partners come before the changes of any.
        var firstPages = new List<(PreviewPolicyRequest Request, PreviewPolicyResponse Page)>();
        foreach (var partner in partners)
        {
            var request = new PreviewPolicyRequest
            {
                Partner = partner,
                Policy = policy.Text,
                FileName = policy.Name,
                PageSize = limit.PageSize(0, PageSize),
            };
            firstPages.Add((request, await node.Operator.PreviewPolicyAsync(request, node.Sweep(cancellationToken))));
        }
        scope.Console.Write(DisclosureTables.Counts(firstPages.Select(first => (first.Request.Partner, first.Page.Counts ?? new DisclosureCounts()))));
        foreach (var (request, page) in firstPages)
            await ListAsync(scope, node, request, page, limit, cancellationToken);
        scope.Say(DisclosureTables.NothingDone);
        return ExitCode.Ok;
    }

    private static async Task ListAsync(
        CommandScope scope, NodeConnection node, PreviewPolicyRequest request, PreviewPolicyResponse page, ListLimit limit, CancellationToken cancellationToken)
    {
        var listing = new ChangeListing(scope, request.Partner, page.Counts);
        while (true)
        {
            listing.Write(page, page.Changes);
            request.PageToken = page.NextPageToken;
            if (request.PageToken.Length == 0 || limit.IsReached(listing.Count))
                break;
            request.PageSize = limit.PageSize(listing.Count, PageSize);
            page = await node.Operator.PreviewPolicyAsync(request, node.Sweep(cancellationToken));
        }
        listing.End();
    }
}
