using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation withdraw ID</c>: withdraws a record; its id stays and partners see the new state.</summary>
internal static class WithdrawCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "The record's id." };

    private static readonly Option<string> Reason = ReasonOption();

    private static readonly Option<uint> Revision = new("--revision")
    {
        Description = "The revision that was seen; otherwise the latest.",
        HelpName = "N",
    };

    private static readonly Option<bool> KeepContent = new("--keep-content") { Description = "Keep the parts beside the new state." };

    private static readonly Option<string> Summary = new("--summary")
    {
        Description = "For the institute's own history; partners never see it.",
        HelpName = "TEXT",
    };

    public static Command Create()
    {
        var command = new Command("withdraw", "Withdraws a record: partners that see it receive the state and the reason.")
        {
            Id, Reason, Revision, KeepContent, Summary,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static Option<string> ReasonOption()
    {
        var option = new Option<string>("--reason")
        {
            Description = "Why: a short upper-case code such as ERROR, DUPLICATE or RETRACTED, which partners see.",
            HelpName = "CODE",
            Required = true,
        };
        option.CompletionSources.Add("ERROR", "DUPLICATE", "RETRACTED");
        return option;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var request = new WithdrawRecordRequest
        {
            RecordId = scope.Get(Id),
            ReasonCode = scope.Get(Reason),
            KeepContent = scope.Get(KeepContent),
            ChangeSummary = scope.Get(Summary) ?? "",
            ExpectedRevision = await LatestRevision.ReadAsync(node, scope.Get(Id), scope.Get(Revision), cancellationToken),
        };
        var answer = await node.Records.WithdrawRecordAsync(request, node.Unary(cancellationToken));
        WriteResults.Write(scope, answer.Result);
        return ExitCode.Ok;
    }
}
