using Federation.V1.Node;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Cli.Connection;

/// <summary>Writes a ledger, as the node streams it, to a file of length-delimited pieces.</summary>
internal static class LedgerExporter
{
    public static async Task WriteAsync(
        NodeConnection node, string partner, LedgerDirection direction, string file, CancellationToken cancellationToken)
    {
        // Beside its place until it is whole, so that a broken export is never taken for one.
        var partial = file + ".partial";
        try
        {
            await using (var stream = File.Create(partial))
            {
                var request = new ExportLedgerRequest { Partner = partner, Direction = direction };
                using var call = node.Operator.ExportLedger(request, cancellationToken: cancellationToken);
                await foreach (var answer in call.ResponseStream.ReadAllAsync(cancellationToken))
                    answer.Piece.WriteDelimitedTo(stream);
            }
            File.Move(partial, file, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
