using Grpc.Core;

namespace Federation.Simulation.Network;

/// <summary>What a generated client gets instead of a channel.</summary>
internal sealed class SimCallInvoker(CallRoute route) : CallInvoker
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        route.World.Enter(route.Client, method.FullName);
        var payload = WireWriter.Serialize(method.RequestMarshaller, request);
        var fate = route.Network.DrawFate(stream: false);
        if (route.Network.DrawDuplicate())
            _ = new UnaryCall<TRequest, TResponse>(route, method, new CallOptions(options.Headers, options.Deadline), CallFate.None).Start(payload);
        return new UnaryCall<TRequest, TResponse>(route, method, options, fate).Start(payload);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        route.World.Enter(route.Client, method.FullName);
        var payload = WireWriter.Serialize(method.RequestMarshaller, request);
        return new ServerStreamCall<TRequest, TResponse>(route, method, options, route.Network.DrawFate(stream: true)).Start(payload);
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw new NotSupportedException("A blocking call would stop the one thread there is.");

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        throw new NotSupportedException("Client streaming is not simulated.");

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        throw new NotSupportedException("Duplex streaming is not simulated.");
}
