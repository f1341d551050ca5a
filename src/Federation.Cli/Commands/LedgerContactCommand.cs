using System.CommandLine;
using Federation.Cli.Output;
using Federation.Cli.Verification;
using Federation.Protocol.Heads;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation ledger contact PARTNER</c>: says to an originator, as a file, where this node stands in its ledger.</summary>
internal static class LedgerContactCommand
{
    private static readonly Argument<string> Partner = new("PARTNER") { Description = "The institute whose ledger this node follows." };

    private static readonly Option<string> Out = new("--out") { Description = "The file to write.", HelpName = "FILE", Required = true };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "contact",
            "Writes where this node stands in a partner's ledger: the last head that it verified, and its receipt. The partner imports it over an air gap, and "
            + "needs it if it lost its store.",
            "federation ledger contact uk --out jp.contact")
        {
            Partner, Out,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var request = new ExportContactRequest { Partner = scope.Get(Partner) };
        var answer = await node.Operator.ExportContactAsync(request, node.Unary(cancellationToken));
        var file = scope.Get(Out)!;
        ContactFile.Write(file, answer.Contact);
        var size = answer.Contact.LastHead is { } last && Head.TryDecode(last.Payload.Span, out var head, out _) ? head.Size : 0;
        scope.Write(new { File = file, Entries = size }, console => console.Facts(("file", file), ("entries held", size)));
        return ExitCode.Ok;
    }
}
