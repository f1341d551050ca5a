using System.CommandLine;
using Federation.Cli.Output;
using Federation.Cli.RecordFiles;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation revise ID FILE</c>: replaces a record's content.</summary>
internal static class ReviseCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "The record's id." };

    private static readonly Argument<string> Draft = new("FILE")
    {
        Description = "The whole new content (RecordDraft, protobuf JSON); 'records get --as-draft' prints the old one.",
    };

    private static readonly Option<uint> Revision = new("--revision")
    {
        Description = "The revision that was seen; if the record has moved on, nothing is written.",
        HelpName = "N",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Command("revise", "Replaces a record's envelope and parts.") { Id, Draft, Revision };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var file = scope.Get(Draft);
        var (draft, faults) = DraftJson.Read(await File.ReadAllBytesAsync(file, cancellationToken));
        if (draft is null)
            throw new CommandFailureException(ExitCode.Refused, "FIELD_INVALID", $"{file} cannot be read.", faults);
        using var node = scope.Connect();
        var request = new ReviseRecordRequest { RecordId = scope.Get(Id), ExpectedRevision = scope.Get(Revision), Record = draft };
        var answer = await node.Records.ReviseRecordAsync(request, node.Unary(cancellationToken));
        WriteResults.Write(scope, answer.Result);
        return ExitCode.Ok;
    }
}
