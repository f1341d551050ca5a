using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;
using Spectre.Console;

namespace Federation.Cli.Commands;

/// <summary><c>federation erase ID</c>: destroys a record's content and keys.</summary>
internal static class EraseCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "The record's id." };

    private static readonly Option<uint> Revision = new("--revision")
    {
        Description = "The revision that was seen; otherwise the latest.",
        HelpName = "N",
    };

    private static readonly Option<bool> Yes = new("--yes") { Description = "Erase without asking." };

    public static Command Create()
    {
        var command = new Command("erase", "Destroys a record's content and keys, here and in every ledger that held it. It cannot be undone.")
        {
            Id, Revision, Yes,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var id = scope.Get(Id);
        var revision = await LatestRevision.ReadAsync(node, id, scope.Get(Revision), cancellationToken);
        if (!scope.Get(Yes))
        {
            if (!scope.IsInteractive)
                throw CommandFailureException.Usage("Erasure cannot be undone. Give --yes.");
            if (!await scope.Console.ConfirmAsync($"Erase revision {revision} of {id.EscapeMarkup()} for good?", false, cancellationToken))
                throw new CommandFailureException(ExitCode.Refused, "NOT_CONFIRMED", "Nothing was changed.");
        }
        await node.Records.EraseRecordAsync(new EraseRecordRequest { RecordId = id, ExpectedRevision = revision }, node.Unary(cancellationToken));
        scope.Write(new { Erased = id }, console => console.WriteLines($"{id} is erased."));
        return ExitCode.Ok;
    }
}
