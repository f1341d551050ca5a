using Federation.Node.Partners;
using Federation.Protocol.Errors;
using Federation.Protocol.Records;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Federation.Node.Access;

/// <summary>
/// Says who calls, by the connection's certificate and listener, before any endpoint sees the call, and translates what endpoints throw.
/// A removed client or partner is refused from the next call on, whatever connection it still has.
/// </summary>
internal sealed class CallerInterceptor(RosterSource roster, ClientDirectory clients, PartnerLoad load, ILogger<CallerInterceptor> logger) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => context.UserState[Callers.Key] is PartnerCaller partner
            ? load.RunAsync(partner.Institute, () => continuation(request, context))
            : continuation(request, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => WithoutResult(continuation(request, responseStream, context)));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => continuation(requestStream, context));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => WithoutResult(continuation(requestStream, responseStream, context)));

    private async Task<T> RunAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        try
        {
            Identify(context);
            return await call();
        }
        catch (Exception failure) when (ErrorTranslation.Translate(failure) is { } translated)
        {
            // A refusal is for the caller alone.
            if (translated.StatusCode == StatusCode.Cancelled)
                AccessLog.Cancelled(logger, context.Method);
            else if (translated.StatusCode != StatusCode.FailedPrecondition)
                AccessLog.Failed(logger, context.Method, failure);
            throw translated;
        }
    }

    private void Identify(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        var stamp = http.Features.Get<ListenerStamp>() ?? throw Unknown();
        if (stamp.SpkiDigest is null && http.Connection.ClientCertificate is { } certificate)
            stamp.SpkiDigest = Digest.Sha256(PeerCertificate.SpkiOf(certificate));
        if (stamp.SpkiDigest is not { } key)
            throw Unknown();
        object? caller = stamp.Listener == Listener.Own
            ? clients.Find(key)
            : roster.Current.FindByTlsKeyDigest(key) is { } partner ? new PartnerCaller(partner.Institute) : null;
        context.UserState[Callers.Key] = caller ?? throw Unknown();
        if (context.Method.StartsWith("/grpc.reflection.", StringComparison.Ordinal))
            Callers.Require(context, ClientRoles.Operator);
    }

    private static RpcException Unknown() => FederationError.Exception(FederationReason.CallerUnknown, "the caller is not known to this node");

    private static async Task<bool> WithoutResult(Task task)
    {
        await task;
        return true;
    }
}
