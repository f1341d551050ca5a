using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation explain RECORD PARTNER</c>: what a partner may see of a record, and why.</summary>
internal static class ExplainCommand
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
        var command = new Command("explain", "Says what a partner may see of a record and which rule or marking decided each part.") { Id, Partner, Origin };
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
                ("policy", answer.PolicyEpoch == 0 ? "none" : $"epoch {answer.PolicyEpoch}"));
            var table = Tables.Create("part", "type", "key", "visible", "why", "rule");
            foreach (var part in answer.Parts)
                table.With($"{part.PartId:x16}", part.Type, part.Key, part.Visible, part.Reason, part.Rule);
            console.Write(table);
        });
        return ExitCode.Ok;
    }
}
