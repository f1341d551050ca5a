using System.CommandLine;
using Federation.Cli.Output;
using Federation.Cli.Verification;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation ledger receipt import FILE</c>: takes the receipt that came back over an air gap.</summary>
internal static class LedgerReceiptCommand
{
    private static readonly Argument<string> Contact = new("FILE") { Description = "What the partner's 'ledger import' or 'ledger contact' wrote." };

    public static Command Create()
    {
        var import = new CommandWithExamples(
            "import",
            "Takes a partner's contact file: checks that its last head is a prefix of the ledger, which lets the node sign again after a start, and keeps its receipt.",
            "federation ledger receipt import jp.contact")
        {
            Contact,
        };
        import.Runs(RunAsync);
        return new Command("receipt", "Receipts that came as files.") { import };
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var contact = ContactFile.Read(scope.Get(Contact));
        var answer = await node.Operator.ImportContactAsync(new ImportContactRequest { Contact = contact }, node.Unary(cancellationToken));
        scope.Write(answer, console => console.Facts(("partner", contact.Follower), ("durable there", answer.Size)));
        return ExitCode.Ok;
    }
}
