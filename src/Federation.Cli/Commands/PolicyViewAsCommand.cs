using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation policy view-as PARTNER</c>: the records as a fresh node of the partner would receive them.</summary>
internal static class PolicyViewAsCommand
{
    private const int PageSize = 100;

    private static readonly Argument<string> Partner = new("PARTNER") { Description = "The partner's institute id." };

    private static readonly Option<string> Policy = new("--policy")
    {
        Description = "A policy (YAML) to judge by; otherwise the one that is in force.",
        HelpName = "FILE",
    };

    private static readonly Option<string> Id = new("--record") { Description = "Only this record, whole.", HelpName = "ID" };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "view-as",
            "Shows the records exactly as a fresh node of the partner would receive them now. Nothing is written and nothing is sent.",
            "federation policy view-as jp",
            "federation policy view-as jp --policy jp.yaml --record 7f9c0e52-6a0d-4c58-9b1e-2f6f0d1c8a11")
        {
            Partner, Policy, Id, ListLimit.Option,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var limit = ListLimit.Read(scope);
        var policy = scope.Get(Policy) is { } file ? await PolicyFile.ReadAsync(file, cancellationToken) : new PolicyFile("", "");
        // No text means the policy in force, which is not what was asked for.
        if (policy is { Name.Length: > 0, Text.Length: 0 })
            throw CommandFailureException.Usage($"{policy.Name} is empty.");
        var request = new ViewAsPartnerRequest
        {
            Partner = scope.Get(Partner),
            Policy = policy.Text,
            FileName = policy.Name,
            RecordId = scope.Get(Id) ?? "",
        };
        using var node = scope.Connect();
        if (request.RecordId.Length > 0)
            await ShowAsync(scope, node, request, cancellationToken);
        else
            await ListAsync(scope, node, request, limit, cancellationToken);
        return ExitCode.Ok;
    }

    private static async Task ShowAsync(CommandScope scope, NodeConnection node, ViewAsPartnerRequest request, CancellationToken cancellationToken)
    {
        var page = await node.Operator.ViewAsPartnerAsync(request, node.Unary(cancellationToken));
        if (page.Records.FirstOrDefault() is not { } seen)
        {
            var (id, partner) = (request.RecordId, request.Partner);
            var message = $"{partner} would not receive record {id}; 'federation policy explain {id} {partner}' says why.";
            throw new CommandFailureException(ExitCode.Refused, "RECORD_NOT_FOUND", message);
        }
        scope.Write(seen.Record, console => RecordTable.Show(console, seen.Record));
    }

    private static async Task ListAsync(
        CommandScope scope, NodeConnection node, ViewAsPartnerRequest request, ListLimit limit, CancellationToken cancellationToken)
    {
        var listing = new RecordListing(scope);
        do
        {
            request.PageSize = limit.PageSize(listing.Count, PageSize);
            var page = await node.Operator.ViewAsPartnerAsync(request, node.Sweep(cancellationToken));
            if (page.Records.Count > 0)
                listing.Write([.. page.Records.Select(view => view.Record)]);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0 && !limit.IsReached(listing.Count));
        listing.End();
        if (request.PageToken.Length > 0)
            scope.Say(ListLimit.ThereAreMore);
        else if (listing.Count == 0)
            scope.Console.WriteLines($"{request.Partner} would receive no record.");
    }
}
