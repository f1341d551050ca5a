using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation policy explain RECORD PARTNER</c>: what a partner may see of a record, and why.</summary>
internal static class PolicyExplainCommand
{
    private static readonly Argument<string> Id = new("RECORD") { Description = "The record's id." };

    private static readonly Argument<string> Partner = new("PARTNER") { Description = "The partner's institute id." };

    private static readonly Option<string> Origin = new("--origin")
    {
        Description = "The institute that issued the record; otherwise the node's own.",
        HelpName = "INSTITUTE",
    };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "explain",
            "Says what a partner may see of a record and which rule or marking decided each part.",
            "federation policy explain 7f9c0e52-6a0d-4c58-9b1e-2f6f0d1c8a11 jp")
        {
            Id, Partner, Origin,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var request = new ExplainRecordRequest { RecordId = scope.Get(Id), Partner = scope.Get(Partner), Origin = scope.Get(Origin) ?? "" };
        var answer = await node.Operator.ExplainRecordAsync(request, node.Unary(cancellationToken));
        scope.Write(answer, console =>
        {
            console.Facts(
                ("visible", answer.Visible),
                ("why", answer.Reason),
                ("rule", answer.Rule),
                ("in the ledger now", answer.Disclosed),
                ("policy", answer.PolicyEpoch == 0 ? "none" : $"epoch {answer.PolicyEpoch}"),
                ("ceiling", MarkingText.Of(answer.Ceiling)),
                ("marking", MarkingText.Of(answer.Marking)),
                ("time changes it", answer.NextChange));
            console.Write(PartTable.Create(answer.Parts));
        });
        return ExitCode.Ok;
    }
}
