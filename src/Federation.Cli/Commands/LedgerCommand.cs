using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.Cli.Verification;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation ledger export PARTNER</c>: a ledger as a file that can be verified offline.</summary>
internal static class LedgerCommand
{
    private static readonly Argument<string> Partner = new("PARTNER") { Description = "The partner's institute id." };

    private static readonly Option<bool> Inbound = new("--inbound")
    {
        Description = "What the partner disclosed to the node; otherwise what the node disclosed to it.",
    };

    private static readonly Option<ulong?> From = new("--from")
    {
        Description = "For a partner that no network reaches: a stretch from this size on, which its 'ledger import' takes.",
        HelpName = "SIZE",
    };

    private static readonly Option<string> Contact = new("--contact")
    {
        Description = "The same, from where the partner's contact file says that it stands. Use the newest: how old it is, the node can't see.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> First = new("--first")
    {
        Description = "The same, from the beginning: you vouch that the partner has never taken anything of this ledger.",
    };

    private static readonly Option<string> Out = new("--out") { Description = "The file to write.", HelpName = "FILE", Required = true };

    public static Command Create()
    {
        var export = new Command("export", "Writes a ledger to a file; 'verify' checks it without a node.") { Partner, Inbound, From, Contact, First, Out };
        export.Runs(ExportAsync);
        return new Command("ledger", "Disclosure ledgers.") { export, LedgerImportCommand.Create(), LedgerReceiptCommand.Create(), LedgerContactCommand.Create(), LedgerResetCommand.Create() };
    }

    private static async Task<int> ExportAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var file = scope.Get(Out)!;
        var direction = scope.Get(Inbound) ? LedgerDirection.Inbound : LedgerDirection.Outbound;
        if (scope.Get(From) is not null || scope.Get(Contact) is not null || scope.Get(First))
            await LedgerExporter.WriteAsync(node, StretchOf(scope), file, cancellationToken);
        else
            await LedgerExporter.WriteAsync(node, scope.Get(Partner), direction, file, cancellationToken);
        var size = new FileInfo(file).Length;
        scope.Write(new { File = file, SizeBytes = size }, console => console.Facts(("file", file), ("bytes", size)));
        return ExitCode.Ok;
    }

    private static ExportStretchRequest StretchOf(CommandScope scope)
    {
        if (scope.Get(Inbound))
            throw CommandFailureException.Usage("A stretch is of what the node discloses; --inbound goes with none of --from, --contact and --first.");
        var request = new ExportStretchRequest { Partner = scope.Get(Partner), FirstContact = scope.Get(First) };
        if (scope.Get(From) is { } from)
            request.FromSize = from;
        if (scope.Get(Contact) is { } contact)
            request.Contact = ContactFile.Read(contact);
        return request;
    }
}
