using Grpc.Core;

namespace Federation.Simulation.Network;

/// <summary>A call with one request and a stream of replies: the client's half, with the reader that its caller sees.</summary>
internal sealed class ServerStreamCall<TRequest, TResponse> : SimCall, IAsyncStreamReader<TResponse>
    where TRequest : class
    where TResponse : class
{
    private readonly Method<TRequest, TResponse> _method;
    private readonly Queue<byte[]> _buffer = [];
    private readonly StreamWriter<TResponse> _writer;
    private readonly int _cutAfter;
    private (Status Status, Metadata Trailers)? _end;
    private TaskCompletionSource<bool>? _waiter;
    private int _delivered;

    public ServerStreamCall(CallRoute route, Method<TRequest, TResponse> method, CallOptions options, CallFate fate)
        : base(route, method, options, fate)
    {
        _method = method;
        _writer = new StreamWriter<TResponse>(method.ResponseMarshaller, route.Network.Options, payload => ToClient.Send(() => OnMessage(payload)), Reset);
        _cutAfter = fate == CallFate.Cut ? route.Network.CutAfter() : int.MaxValue;
    }

    public TResponse Current { get; private set; } = null!;

    public AsyncServerStreamingCall<TResponse> Start(byte[] request)
    {
        Open(request);
        return new AsyncServerStreamingCall<TResponse>(this, ResponseHeadersAsync, GetStatus, GetTrailers, Dispose);
    }

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Disposed, this);
        if (!Route.World.Enter(Route.Client, "MoveNext"))
            return new TaskCompletionSource<bool>().Task;
        if (ClientDone)
            return Ended();
        if (_waiter is not null)
            return Task.FromException<bool>(new InvalidOperationException("Can't read the next message because the previous read is still in progress."));
        if (cancellationToken.IsCancellationRequested)
        {
            Abort(new Status(StatusCode.Cancelled, "Call canceled by the client."));
            return Ended();
        }

        if (_buffer.TryDequeue(out var payload))
            return Consume(payload) ? Task.FromResult(true) : Ended();
        if (_end is not null)
        {
            FinishAtEnd();
            return Ended();
        }

        return WaitAsync(cancellationToken);
    }

    protected override async Task<byte[]?> ServeAsync(byte[] request, Listener listener, SimServerCallContext context)
    {
        var serve = listener.Find<ServerStreamingServerMethod<TRequest, TResponse>>(_method.FullName)
            ?? throw new RpcException(new Status(StatusCode.Unimplemented, "Service is unimplemented."));
        _writer.Open(context);
        try
        {
            await serve(WireReader.Deserialize(_method.RequestMarshaller, request), _writer, context);
        }
        finally
        {
            _writer.Complete();
        }

        return null;
    }

    protected override void OnEnd(Status status, Metadata trailers, byte[]? reply, bool immediate)
    {
        if (ClientDone)
            return;
        _end = (status, trailers);
        if (immediate || (_waiter is not null && _buffer.Count == 0))
            FinishAtEnd();
    }

    /// <summary>Whatever ends the call, what was received and not read is gone.</summary>
    protected override void OnFinished(Status status)
    {
        _buffer.Clear();
        if (_waiter is not { } waiter)
            return;
        _waiter = null;
        if (status.StatusCode == StatusCode.OK)
            waiter.TrySetResult(false);
        else
            waiter.TrySetException(Failure);
    }

    protected override void OnServerCancelled() => _writer.Cancel();

    private async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        var waiter = _waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancellationToken.UnsafeRegister(
            static call => ((ServerStreamCall<TRequest, TResponse>)call!).Abort(new Status(StatusCode.Cancelled, "Call canceled by the client.")),
            this);
        return await waiter.Task;
    }

    private void OnMessage(byte[] payload)
    {
        Route.Network.Tap?.Message(this, payload);
        if (ClientDone)
            return;
        Route.World.Mix(payload);
        ReceivedMessage();
        if (++_delivered > _cutAfter)
        {
            Route.Network.BreakLater(this);
            ToClient.Tear();
            return;
        }

        if (_waiter is null)
            _buffer.Enqueue(payload);
        else if (Consume(payload))
            Wake();
    }

    private void Wake()
    {
        var waiter = _waiter!;
        _waiter = null;
        waiter.TrySetResult(true);
    }

    private bool Consume(byte[] payload)
    {
        if (payload.Length > Route.Network.Options.MessageBytesMax)
        {
            Abort(new Status(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size."));
            return false;
        }

        Current = WireReader.Deserialize(_method.ResponseMarshaller, payload);
        ToServer.Send(() => _writer.Credit(payload.Length));
        return true;
    }

    private void FinishAtEnd() => Finish(_end!.Value.Status, _end.Value.Trailers);

    private Task<bool> Ended() => GetStatus().StatusCode == StatusCode.OK ? Task.FromResult(false) : Task.FromException<bool>(Failure);
}
