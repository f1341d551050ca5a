using Federation.Simulation.World;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>What partners call: the n-th call of one partner in a life draws the same random values, whatever the others call.</summary>
internal sealed class PartnerCalls(CallStreams streams, ulong seed) : Interceptor
{
    private readonly Dictionary<string, ulong> _calls = new(StringComparer.Ordinal);

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Enter(context);
        return continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Enter(context);
        return continuation(request, responseStream, context);
    }

    private void Enter(ServerCallContext context)
    {
        var number = _calls[context.Peer] = _calls.GetValueOrDefault(context.Peer) + 1;
        streams.Enter(context.Peer, new Rng(seed).Fork(number));
    }
}
