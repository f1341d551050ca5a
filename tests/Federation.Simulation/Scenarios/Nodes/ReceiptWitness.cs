using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>Looks at each receipt as a follower sends it: what it confirms is on the follower's disk at that moment (I17).</summary>
internal sealed class ReceiptWitness(SimulatedInstitute follower, InstituteId origin) : Interceptor
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        if (request is AcknowledgeRequest { Receipt.Payload: var payload })
        {
            if (!Receipt.TryDecode(payload.Span, out var receipt, out var error))
                follower.Fail($"sends a receipt that can't be read: {error}");
            else if (follower.Disk.AppliedOf(origin) is var applied && receipt.Size > applied)
                follower.Fail($"I17: confirms {receipt.Size} entries of {origin} to it, and {applied} are durable");
        }

        return continuation(request, context);
    }
}
