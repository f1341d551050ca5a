using Grpc.Core;

namespace Federation.Simulation.Network;

/// <summary>Takes the methods of generated service bases: <c>ProbeService.BindService(binder, endpoint)</c>.</summary>
internal sealed class SimBinder(Listener listener) : ServiceBinderBase
{
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        if (handler is not null)
            listener.Add(method, handler);
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        if (handler is not null)
            listener.Add(method, handler);
    }

    /// <summary>Left out on purpose: a call finds the method unimplemented.</summary>
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
    }

    /// <summary>Left out on purpose: a call finds the method unimplemented.</summary>
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
    }
}
