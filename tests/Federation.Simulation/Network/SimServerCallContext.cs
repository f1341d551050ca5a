using Grpc.Core;

namespace Federation.Simulation.Network;

/// <summary>What a method sees of its call.</summary>
internal sealed class SimServerCallContext : ServerCallContext, IDisposable
{
    private readonly SimCall _call;
    private readonly string _method;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Metadata _trailers = [];
    private readonly AuthContext _anonymous = new(null, []);
    private Status _status = Status.DefaultSuccess;
    private WriteOptions? _writeOptions;

    public SimServerCallContext(SimCall call, string method, DateTime deadline, Metadata requestHeaders)
    {
        _call = call;
        _method = method;
        DeadlineCore = deadline;
        RequestHeadersCore = requestHeaders;
        CancellationTokenCore = _cancellation.Token;
    }

    /// <summary>True once anything of the response was sent; before that an error travels in the headers alone.</summary>
    public bool Started { get; set; }

    protected override string MethodCore => _method;

    protected override string HostCore => "sim";

    protected override string PeerCore => $"sim:{_call.Route.Client.Node}";

    protected override DateTime DeadlineCore { get; }

    protected override Metadata RequestHeadersCore { get; }

    protected override CancellationToken CancellationTokenCore { get; }

    protected override Metadata ResponseTrailersCore => _trailers;

    protected override Status StatusCore
    {
        get => _status;
        set => _status = value;
    }

    protected override WriteOptions? WriteOptionsCore
    {
        get => _writeOptions;
        set => _writeOptions = value;
    }

    protected override AuthContext AuthContextCore => _anonymous;

    public void Cancel() => _cancellation.Cancel();

    public void Dispose() => _cancellation.Dispose();

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("Propagation is not simulated.");

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        if (Started)
            return Task.FromException(new InvalidOperationException("Response headers can only be sent once per call."));
        Started = true;
        _call.SendHeaders(responseHeaders);
        return Task.CompletedTask;
    }
}
