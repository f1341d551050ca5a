using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Grpc.Core;

namespace Federation.Node.Access;

/// <summary>Turns what an endpoint threw into the status that the caller sees. Faults tell nothing beyond that there was one.</summary>
internal static class ErrorTranslation
{
    /// <summary>The status for an exception; null if the exception is one already.</summary>
    public static RpcException? Translate(Exception failure) => failure switch
    {
        RpcException => null,
        StoreFullException => FederationError.Exception(FederationReason.StoreFull, "the store is full; nothing was written"),
        ProofUnavailableException gap => FederationError.Exception(FederationReason.ProofUnavailable, gap.Message),
        OperationCanceledException => new RpcException(new Status(StatusCode.Cancelled, "the call was cancelled")),
        _ => FederationError.Exception(FederationReason.Internal, "the node failed to answer; its log says more"),
    };
}
