using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Federation.Simulation.Conformance;

/// <summary>Stands for a server's error translation; leaves every other behaviour alone.</summary>
internal sealed class TranslatingInterceptor : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (ArgumentException)
        {
            throw Translated();
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (ArgumentException)
        {
            throw Translated();
        }
    }

    private static RpcException Translated() => new(new Status(StatusCode.InvalidArgument, "translated"), new Metadata { { "x-translated", "yes" } });
}
