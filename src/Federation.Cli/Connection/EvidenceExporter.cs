using Federation.V1.Node;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Cli.Connection;

/// <summary>Writes an evidence bundle, byte for byte as the node sealed it, to a file of length-delimited pieces.</summary>
internal static class EvidenceExporter
{
    public static async Task WriteAsync(NodeConnection node, ExportEvidenceRequest request, string file, CancellationToken cancellationToken)
    {
        // Beside its place until it is whole, so that a broken export is never taken for one.
        var partial = file + ".partial";
        try
        {
            await using (var stream = File.Create(partial))
            {
                using var call = node.Operator.ExportEvidence(request, cancellationToken: cancellationToken);
                await foreach (var answer in call.ResponseStream.ReadAllAsync(cancellationToken))
                    WriteDelimited(answer.Piece, stream);
            }
            File.Move(partial, file, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static void WriteDelimited(ByteString piece, FileStream stream)
    {
        var output = new CodedOutputStream(stream, leaveOpen: true);
        output.WriteLength(piece.Length);
        output.Flush();
        piece.WriteTo(stream);
    }
}
