using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;
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

    private static readonly Option<string> Out = new("--out") { Description = "The file to write.", HelpName = "FILE", Required = true };

    public static Command Create()
    {
        var export = new Command("export", "Writes a ledger to a file; 'verify' checks it without a node.") { Partner, Inbound, Out };
        export.Runs(ExportAsync);
        return new Command("ledger", "Disclosure ledgers.") { export, LedgerCheckpointCommand.Create() };
    }

    private static async Task<int> ExportAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var file = scope.Get(Out)!;
        var direction = scope.Get(Inbound) ? LedgerDirection.Inbound : LedgerDirection.Outbound;
        await LedgerExporter.WriteAsync(node, scope.Get(Partner), direction, file, cancellationToken);
        var size = new FileInfo(file).Length;
        scope.Write(new { File = file, SizeBytes = size }, console => console.Facts(("file", file), ("bytes", size)));
        return ExitCode.Ok;
    }
}
