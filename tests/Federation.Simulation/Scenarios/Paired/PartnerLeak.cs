using Federation.V1.Exchange;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>Stands around the endpoint for partners and tells them more than it should.</summary>
internal sealed class PartnerLeak : Interceptor
{
    public Action<object> OnRequest { get; init; } = static _ => { };

    public Action<ServerCallContext> OnCall { get; init; } = static _ => { };

    public Action<FollowResponse> OnBatch { get; init; } = static _ => { };

    /// <summary>Makes another refusal of the one for a request.</summary>
    public Func<object, RpcException, RpcException> OnRefusal { get; init; } = static (_, refusal) => refusal;

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        OnRequest(request);
        OnCall(context);
        try
        {
            return await continuation(request, context);
        }
        catch (RpcException refusal)
        {
            throw OnRefusal(request, refusal);
        }
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        OnRequest(request);
        OnCall(context);
        return continuation(request, new TalkativeWriter<TResponse>(responseStream, OnBatch), context);
    }

    private sealed class TalkativeWriter<T>(IServerStreamWriter<T> inner, Action<FollowResponse> change) : IServerStreamWriter<T>
    {
        public WriteOptions? WriteOptions
        {
            get => inner.WriteOptions;
            set => inner.WriteOptions = value;
        }

        public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

        public Task WriteAsync(T message, CancellationToken cancellationToken)
        {
            if (message is FollowResponse response)
                change(response);
            return inner.WriteAsync(message, cancellationToken);
        }
    }
}
