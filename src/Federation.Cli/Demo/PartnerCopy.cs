using Federation.Protocol.Errors;
using Federation.V1.Node;
using Grpc.Core;

namespace Federation.Cli.Demo;

/// <summary>Asks a partner's own node for its copy of a record.</summary>
internal static class PartnerCopy
{
    /// <summary>The copy; null if the node answers RECORD_NOT_FOUND.</summary>
    public static async Task<RecordView?> FindAsync(DemoInstitute at, DemoInstitute from, string recordId, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GetRecordRequest { Origin = from.Id, RecordId = recordId };
            return (await at.Node.Records.GetRecordAsync(request, at.Node.Unary(cancellationToken))).Record;
        }
        catch (RpcException refusal) when (FederationError.TryRead(refusal, out var reason, out _) && reason == FederationReason.RecordNotFound)
        {
            return null;
        }
    }
}
