using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.V1.Node;
using Google.Protobuf.WellKnownTypes;

namespace Federation.Cli.Commands;

/// <summary><c>federation evidence export PARTNER</c>: entries of a ledger with all that proves them to somebody who has no node.</summary>
internal static class EvidenceExportCommand
{
    private static readonly Argument<string> Partner = new("PARTNER") { Description = "The partner's institute id." };

    private static readonly Option<string> Id = new("--record") { Description = "Only entries of this record.", HelpName = "ID" };

    private static readonly Option<string> From = new("--from")
    {
        Description = "Only entries decided at this day or moment or later; without an offset it is UTC.",
        HelpName = "TIME",
    };

    private static readonly Option<string> To = new("--to") { Description = "Only entries decided before this day or moment.", HelpName = "TIME" };

    private static readonly Option<bool> Inbound = new("--inbound")
    {
        Description = "What the partner disclosed to the node; otherwise what the node disclosed to it.",
    };

    private static readonly Option<string> Out = new("--out", "-o") { Description = "The file to write.", HelpName = "FILE", Required = true };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "export",
            "Writes entries with proofs, head, keys, receipts and policies to a file; 'verify' checks it without a node. "
                + "The file holds the records disclosed, and the policies, in clear.",
            "federation evidence export jp --record 7f9c0e52-6a0d-4c58-9b1e-2f6f0d1c8a11 -o evidence.bin",
            "federation evidence export jp --from 2026-01-01 --to 2026-04-01 -o quarter.bin",
            "federation evidence export jp --inbound -o received.bin")
        {
            Partner, Id, From, To, Inbound, Out,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var request = new ExportEvidenceRequest
        {
            Partner = scope.Get(Partner),
            Direction = scope.Get(Inbound) ? LedgerDirection.Inbound : LedgerDirection.Outbound,
            RecordId = scope.Get(Id) ?? "",
            From = Moment(scope, From),
            To = Moment(scope, To),
        };
        var file = scope.Get(Out)!;
        using var node = scope.Connect();
        await EvidenceExporter.WriteAsync(node, request, file, cancellationToken);
        var size = new FileInfo(file).Length;
        scope.Write(new { File = file, SizeBytes = size }, console => console.Facts(("file", file), ("bytes", size)));
        return ExitCode.Ok;
    }

    private static Timestamp? Moment(CommandScope scope, Option<string> option)
    {
        if (scope.Get(option) is not { } text)
            return null;
        return TimeText.TryParse(text, out var time) ? time : throw CommandFailureException.Usage($"{option.Name} takes a day or a moment, such as 2026-03-01.");
    }
}
