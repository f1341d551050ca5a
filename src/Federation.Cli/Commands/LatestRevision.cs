using Federation.Cli.Connection;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary>The revision that a change is made on.</summary>
internal static class LatestRevision
{
    /// <summary>The one that was named, or else the one that the node has now.</summary>
    public static async Task<uint> ReadAsync(NodeConnection node, string recordId, uint named, CancellationToken cancellationToken)
    {
        if (named != 0)
            return named;
        var answer = await node.Records.GetRecordAsync(new GetRecordRequest { RecordId = recordId }, node.Unary(cancellationToken));
        return answer.Record.Revision;
    }
}
