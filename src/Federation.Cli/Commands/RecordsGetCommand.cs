using System.CommandLine;
using Federation.Cli.Output;
using Federation.Cli.RecordFiles;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation records get ID</c>: one record.</summary>
internal static class RecordsGetCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "The record's id." };

    private static readonly Option<string> Origin = new("--origin")
    {
        Description = "The institute that issued the record; otherwise the node's own.",
        HelpName = "INSTITUTE",
    };

    private static readonly Option<bool> AsDraft = new("--as-draft")
    {
        Description = "Print an own record as JSON in the form that 'revise' takes.",
    };

    public static Command Create()
    {
        var command = new Command("get", "Shows one record.") { Id, Origin, AsDraft };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var request = new GetRecordRequest { RecordId = scope.Get(Id), Origin = scope.Get(Origin) ?? "" };
        var record = (await node.Records.GetRecordAsync(request, node.Unary(cancellationToken))).Record;
        if (scope.Get(AsDraft))
            scope.WriteLine(JsonText.Of(DraftOfView.Create(record)));
        else
            scope.Write(record, console => RecordTable.Show(console, record));
        return ExitCode.Ok;
    }
}
