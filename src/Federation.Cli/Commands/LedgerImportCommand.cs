using System.CommandLine;
using Federation.Cli.Output;
using Federation.Cli.Verification;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Cli.Commands;

/// <summary><c>federation ledger import FILE</c>: applies a stretch of a partner's ledger that came as a file.</summary>
internal static class LedgerImportCommand
{
    private static readonly Argument<string> Stretch = new("FILE") { Description = "What the partner's 'ledger export --contact', '--from' or '--first' wrote." };

    private static readonly Option<string> Receipt = new("--receipt")
    {
        Description = "Where to write the contact file with the receipt, which travels back to the partner.",
        HelpName = "FILE",
        Required = true,
    };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "import",
            "Applies a stretch of a partner's ledger that came as a file, verified as the stream over the network is. A file that does not begin where this node "
            + "stands is refused; one whose proofs fail halts the ledger and is kept as evidence.",
            "federation ledger import uk.stretch --receipt jp.contact")
        {
            Stretch, Receipt,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        using var file = new BufferedStream(File.OpenRead(scope.Get(Stretch)));
        using var pieces = new DelimitedFile(file);
        using var call = node.Operator.ImportStretch(cancellationToken: cancellationToken);
        try
        {
            while (pieces.Next() is { } piece)
                await call.RequestStream.WriteAsync(new ImportStretchRequest { Piece = LedgerExport.Parser.ParseFrom(piece) }, cancellationToken);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception fault) when (fault is LedgerFaultException or InvalidProtocolBufferException)
        {
            throw CommandFailureException.Unverified(fault.Message);
        }
        catch (Exception ended) when (ended is RpcException or InvalidOperationException)
        {
            // The node has refused already; its answer says why.
        }

        var answer = await call.ResponseAsync;
        var receipt = scope.Get(Receipt)!;
        ContactFile.Write(receipt, answer.Contact);
        scope.Write(answer, console => console.Facts(
            ("ledger of", answer.Partner), ("entries held", $"{answer.Before} before, {answer.After} now"), ("receipt", receipt)));
        return ExitCode.Ok;
    }
}
