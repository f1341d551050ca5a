using Federation.Simulation.World;
using Grpc.Core;

namespace Federation.Simulation.Network;

/// <summary>
/// One call. Its client half runs only on the calling life and its server half only on the serving life; they meet in two
/// lanes. Statuses, texts and orders are those of Grpc.Net.Client and Grpc.AspNetCore, which the conformance tests compare.
/// </summary>
internal abstract class SimCall
{
    private readonly TaskCompletionSource<Metadata> _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CallOptions _options;
    private CancellationTokenRegistration _registration;
    private ITimer? _clientDeadline;
    private ITimer? _serverDeadline;
    private Status? _status;
    private Metadata? _trailers;

    protected SimCall(CallRoute route, IMethod method, CallOptions options, CallFate fate)
    {
        if (options.Deadline is { } deadline && deadline != DateTime.MaxValue && deadline != DateTime.MinValue && deadline.Kind != DateTimeKind.Utc)
            throw new InvalidOperationException("Deadline must have a kind DateTimeKind.Utc or be equal to DateTime.MaxValue or DateTime.MinValue.");
        Route = route;
        Method = method;
        Fate = fate;
        _options = options;
        Id = route.Network.NextCallId();
        ToServer = new Lane(route.Network.Links, route.Client.Node, route.Server) { Accept = Accept };
        ToClient = new Lane(route.Network.Links, route.Server, route.Client.Node) { Receiver = route.Client };
    }

    public long Id { get; }

    public CallRoute Route { get; }

    public NodeLife? Server => Listener?.Life;

    public string MethodName => Method.FullName;

    public bool ClientDone => _status is not null;

    public bool ServerDone { get; private set; }

    protected IMethod Method { get; }

    protected CallFate Fate { get; }

    protected Lane ToServer { get; }

    protected Lane ToClient { get; }

    protected Listener? Listener { get; private set; }

    protected SimServerCallContext? Context { get; private set; }

    protected bool Disposed { get; private set; }

    protected Task<Metadata> ResponseHeadersAsync => _headers.Task;

    protected RpcException Failure => new(_status!.Value, _trailers ?? []);

    public void SendHeaders(Metadata headers)
    {
        var copy = Copy(headers);
        ToClient.Send(() =>
        {
            Route.Network.Tap?.Headers(this, copy);
            _headers.TrySetResult(copy);
        });
    }

    /// <summary>The connection is gone: both ends learn it behind what has already arrived.</summary>
    public void Break()
    {
        ToServer.Tear();
        ToClient.Tear();
        ToClient.Deliver(() => Finish(new Status(StatusCode.Unavailable, "The connection was lost."), null));
        ToServer.Deliver(CancelServer);
    }

    protected static Metadata Copy(Metadata metadata)
    {
        var copy = new Metadata();
        foreach (var entry in metadata)
            copy.Add(entry);
        return copy;
    }

    protected void Open(byte[] request)
    {
        Route.World.Mix((ulong)Id);
        Route.World.Mix(request);
        Route.Network.Tap?.Opened(this, request);
        if (_options.CancellationToken.IsCancellationRequested)
        {
            Finish(new Status(StatusCode.Cancelled, "Call canceled by the client."), null);
            return;
        }

        var timeout = Timeout();
        if (timeout <= TimeSpan.Zero)
        {
            Finish(new Status(StatusCode.DeadlineExceeded, ""), null);
            return;
        }

        Route.Network.Opened(this);
        if (timeout is { } limit)
            _clientDeadline = After(Route.Client, limit, () => Abort(new Status(StatusCode.DeadlineExceeded, "")));
        _registration = _options.CancellationToken.UnsafeRegister(
            static call => ((SimCall)call!).Abort(new Status(StatusCode.Cancelled, "Call canceled by the client.")),
            this);
        if (Fate == CallFate.DropRequest)
            Route.Network.BreakLater(this);
        else
            ToServer.Send(() => Dispatch(request, timeout));
    }

    /// <summary>The client gives up: it is finished at once, and the server learns it in order behind the request.</summary>
    protected void Abort(Status status)
    {
        if (ClientDone)
            return;
        Finish(status, null);
        ToServer.Send(CancelServer);
    }

    protected void Finish(Status status, Metadata? trailers)
    {
        if (ClientDone)
            return;
        Route.World.Mix((ulong)Id ^ ((ulong)status.StatusCode << 40));
        Route.Network.Tap?.Finished(this, status, trailers);
        _status = status;
        _trailers = trailers;
        _clientDeadline?.Dispose();
        _registration.Dispose();
        Route.Network.Closed(this);
        if (_headers.TrySetException(Failure))
            _ = _headers.Task.Exception;
        OnFinished(status);
    }

    /// <summary>The server's half ends; an error before anything was sent travels in the headers alone.</summary>
    protected void Complete(Status status, byte[]? reply)
    {
        if (ServerDone)
            return;
        ServerDone = true;
        _serverDeadline?.Dispose();
        Route.Network.Closed(this);
        if (Fate == CallFate.DropReply)
        {
            Route.Network.BreakLater(this);
            return;
        }

        var trailers = Copy(Context!.ResponseTrailers);
        var headers = Context.Started || reply is not null ? [] : Copy(trailers);
        var immediate = !Context.Started;
        ToClient.Send(() =>
        {
            Route.Network.Tap?.Ended(this, status, trailers);
            _headers.TrySetResult(headers);
            OnEnd(status, trailers, reply, immediate);
        });
    }

    /// <summary>The server gives the call up in the middle; the client loses what it has not read.</summary>
    protected void Reset()
    {
        if (ServerDone)
            return;
        CancelServer();
        ToClient.Send(() => Finish(new Status(StatusCode.Cancelled, "The server reset the stream."), null));
    }

    protected Status GetStatus() => _status ?? throw new InvalidOperationException("Unable to get the status because the call is not complete.");

    protected Metadata GetTrailers() =>
        _trailers ?? throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully.");

    protected void Dispose()
    {
        if (!Route.World.Enter(Route.Client, "Dispose"))
            return;
        Disposed = true;
        Abort(new Status(StatusCode.Cancelled, "gRPC call disposed."));
    }

    protected void ReceivedMessage() => _headers.TrySetResult([]);

    /// <summary>Runs the method; the result is the reply of a unary call, or null.</summary>
    protected abstract Task<byte[]?> ServeAsync(byte[] request, Listener listener, SimServerCallContext context);

    /// <summary>The server's end has arrived at the client.</summary>
    protected abstract void OnEnd(Status status, Metadata trailers, byte[]? reply, bool immediate);

    protected abstract void OnFinished(Status status);

    protected virtual void OnServerCancelled()
    {
    }

    private static ITimer After(NodeLife life, TimeSpan limit, Action action) =>
        life.Time.CreateTimer(static state => ((Action)state!)(), action, limit, System.Threading.Timeout.InfiniteTimeSpan);

    private TimeSpan? Timeout() => _options.Deadline is { } deadline && deadline != DateTime.MaxValue
        ? deadline - Route.Client.Time.GetUtcNow().UtcDateTime
        : null;

    private bool Accept()
    {
        Listener = Route.Network.Find(Route.Server, Route.Port);
        ToServer.Receiver = Listener?.Life;
        if (Listener is null)
            ToClient.Send(() => Finish(new Status(StatusCode.Unavailable, "The connection was refused."), null));
        return Listener is not null;
    }

    private void Dispatch(byte[] request, TimeSpan? timeout)
    {
        var listener = Listener!;
        var deadline = timeout is { } limit ? listener.Life.Time.GetUtcNow().UtcDateTime + limit : DateTime.MaxValue;
        Context = new SimServerCallContext(this, Method.FullName, deadline, Copy(_options.Headers ?? []));
        if (listener.CallerOf(Route.Client.Node) is { } caller)
            Context.UserState[ListenOptions.CallerKey] = caller;
        if (timeout is { } remaining)
            _serverDeadline = After(listener.Life, remaining, ServerDeadline);
        listener.Life.Watch(Method.FullName, GuardAsync(request, listener, Context));
    }

    private async Task GuardAsync(byte[] request, Listener listener, SimServerCallContext context)
    {
        try
        {
            if (request.Length > Route.Network.Options.MessageBytesMax)
                throw new RpcException(new Status(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size."));
            var reply = await ServeAsync(request, listener, context);
            Complete(context.Status, reply);
        }
        catch (Exception exception)
        {
            Complete(ToStatus(exception, listener, context), null);
        }
        finally
        {
            context.Dispose();
        }
    }

    private static Status ToStatus(Exception exception, Listener listener, SimServerCallContext context)
    {
        if ((listener.Translate(exception) ?? exception as RpcException) is not { } failure)
            return new Status(StatusCode.Unknown, "Exception was thrown by handler.");
        foreach (var entry in failure.Trailers)
            context.ResponseTrailers.Add(entry);
        return failure.Status;
    }

    private void ServerDeadline()
    {
        Complete(new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded"), null);
        CancelContext();
    }

    private void CancelServer()
    {
        if (ServerDone || Context is null)
            return;
        ServerDone = true;
        _serverDeadline?.Dispose();
        Route.Network.Closed(this);
        CancelContext();
    }

    private void CancelContext()
    {
        Context!.Cancel();
        OnServerCancelled();
    }
}
