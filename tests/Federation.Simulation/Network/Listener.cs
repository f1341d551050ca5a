using Federation.Simulation.World;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Federation.Simulation.Network;

/// <summary>One listening endpoint of a node's life, with the methods bound to it.</summary>
internal sealed class Listener(NodeLife life, ListenOptions options)
{
    private readonly Dictionary<string, Delegate> _methods = new(StringComparer.Ordinal);

    public NodeLife Life => life;

    public object? CallerOf(SimNode client) => options.Caller?.Invoke(client);

    public RpcException? Translate(Exception exception) => options.Errors?.Invoke(exception);

    public T? Find<T>(string method)
        where T : Delegate =>
        _methods.GetValueOrDefault(method) as T;

    public void Add<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> serve)
        where TRequest : class
        where TResponse : class
    {
        foreach (var interceptor in Innermost)
        {
            var inner = serve;
            serve = (request, context) => interceptor.UnaryServerHandler(request, context, inner);
        }

        _methods.Add(method.FullName, serve);
    }

    public void Add<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> serve)
        where TRequest : class
        where TResponse : class
    {
        foreach (var interceptor in Innermost)
        {
            var inner = serve;
            serve = (request, stream, context) => interceptor.ServerStreamingServerHandler(request, stream, context, inner);
        }

        _methods.Add(method.FullName, serve);
    }

    private IEnumerable<Interceptor> Innermost => options.Interceptors.Reverse();
}
