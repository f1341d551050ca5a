using Grpc.Core;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>Calls any method by its name with any bytes.</summary>
internal static class RawCalls
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(b => b, b => b);

    /// <summary>The way to call a method whose messages are bytes. Every kind of rpc answers to one request and the end of requests.</summary>
    public static Method<byte[], byte[]> MethodOf(string fullName)
    {
        var slash = fullName.LastIndexOf('/');
        return new Method<byte[], byte[]>(MethodType.ServerStreaming, fullName[..slash].TrimStart('/'), fullName[(slash + 1)..], Bytes, Bytes);
    }

    /// <summary>Calls a method with one message and returns the first answer; null if the call ends well without one.</summary>
    public static async Task<byte[]?> CallAsync(this CallInvoker invoker, string fullName, byte[] request, CancellationToken cancellationToken)
    {
        using var call = invoker.AsyncServerStreamingCall(MethodOf(fullName), null, new CallOptions(cancellationToken: cancellationToken), request);
        return await call.ResponseStream.MoveNext(cancellationToken) ? call.ResponseStream.Current : null;
    }

    /// <summary>What came of a call: OK, the reason or status that the server gave, or NO_CONNECTION where no server answered.</summary>
    public static async Task<string> OutcomeAsync(this CallInvoker invoker, string fullName, byte[] request, CancellationToken cancellationToken)
    {
        try
        {
            await invoker.CallAsync(fullName, request, cancellationToken);
            return "OK";
        }
        catch (RpcException refusal) when (refusal.Status.DebugException is not null)
        {
            return "NO_CONNECTION";
        }
        catch (RpcException refusal)
        {
            return Federation.Protocol.Errors.FederationError.TryRead(refusal, out var reason, out _) ? reason.Name : refusal.StatusCode.ToString();
        }
    }
}
