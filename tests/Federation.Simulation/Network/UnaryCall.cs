using Grpc.Core;

namespace Federation.Simulation.Network;

/// <summary>A call with one request and one reply.</summary>
internal sealed class UnaryCall<TRequest, TResponse>(CallRoute route, Method<TRequest, TResponse> method, CallOptions options, CallFate fate)
    : SimCall(route, method, options, fate)
    where TRequest : class
    where TResponse : class
{
    private readonly TaskCompletionSource<TResponse> _response = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResponse? _reply;

    public AsyncUnaryCall<TResponse> Start(byte[] request)
    {
        Open(request);
        return new AsyncUnaryCall<TResponse>(_response.Task, ResponseHeadersAsync, GetStatus, GetTrailers, Dispose);
    }

    protected override async Task<byte[]?> ServeAsync(byte[] request, Listener listener, SimServerCallContext context)
    {
        var serve = listener.Find<UnaryServerMethod<TRequest, TResponse>>(method.FullName)
            ?? throw new RpcException(new Status(StatusCode.Unimplemented, "Service is unimplemented."));
        var reply = await serve(WireReader.Deserialize(method.RequestMarshaller, request), context)
            ?? throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
        return WireWriter.Serialize(method.ResponseMarshaller, reply);
    }

    protected override void OnEnd(Status status, Metadata trailers, byte[]? reply, bool immediate)
    {
        if (reply is not null)
        {
            Route.World.Mix(reply);
            Route.Network.Tap?.Message(this, reply);
            if (reply.Length > Route.Network.Options.MessageBytesMax)
            {
                Abort(new Status(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size."));
                return;
            }

            _reply = WireReader.Deserialize(method.ResponseMarshaller, reply);
        }

        Finish(status, trailers);
    }

    protected override void OnFinished(Status status)
    {
        if (status.StatusCode == StatusCode.OK && _reply is not null)
        {
            _response.TrySetResult(_reply);
            return;
        }

        _response.TrySetException(Failure);
        _ = _response.Task.Exception;
    }
}
