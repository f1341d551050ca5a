using Federation.V1.Exchange;
using Federation.V1.Node;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Cli.Connection;

/// <summary>Writes a ledger, as the node streams it, to a file of length-delimited pieces.</summary>
internal static class LedgerExporter
{
    /// <summary>A whole ledger, to be verified offline.</summary>
    public static async Task WriteAsync(
        NodeConnection node, string partner, LedgerDirection direction, string file, CancellationToken cancellationToken)
    {
        using var call = node.Operator.ExportLedger(new ExportLedgerRequest { Partner = partner, Direction = direction }, cancellationToken: cancellationToken);
        await WriteAsync(call.ResponseStream, answer => answer.Piece, file, cancellationToken);
    }

    /// <summary>A stretch that the partner's node imports.</summary>
    public static async Task WriteAsync(NodeConnection node, ExportStretchRequest request, string file, CancellationToken cancellationToken)
    {
        using var call = node.Operator.ExportStretch(request, cancellationToken: cancellationToken);
        await WriteAsync(call.ResponseStream, answer => answer.Piece, file, cancellationToken);
    }

    private static async Task WriteAsync<T>(IAsyncStreamReader<T> answers, Func<T, LedgerExport> piece, string file, CancellationToken cancellationToken)
    {
        // Beside its place until it is whole, so that a broken export is never taken for one.
        var partial = file + ".partial";
        try
        {
            await using (var stream = File.Create(partial))
            {
                await foreach (var answer in answers.ReadAllAsync(cancellationToken))
                    piece(answer).WriteDelimitedTo(stream);
            }
            File.Move(partial, file, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
