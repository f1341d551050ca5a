using System.Net.Sockets;
using System.Security.Authentication;
using Federation.Protocol.Errors;
using Grpc.Core;

namespace Federation.Cli.Connection;

/// <summary>Reads what a call ended with.</summary>
internal static class RpcFailures
{
    public static CommandFailureException Read(RpcException refusal)
    {
        if (FederationError.TryRead(refusal, out var reason, out var badRequest))
        {
            var faults = badRequest?.FieldViolations.Select(violation => new FieldFault(violation.Field, violation.Description)).ToList();
            var code = reason == FederationReason.ShuttingDown ? ExitCode.Unreachable : ExitCode.Refused;
            return new CommandFailureException(code, reason.Name, refusal.Status.Detail, faults, refusal);
        }
        if (refusal.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
            return CommandFailureException.Unreachable($"The node could not be reached. {Cause(refusal)}", refusal);
        // What the transport itself breaks (a refused certificate, a reset connection) surfaces as Internal with its cause inside.
        if (refusal.StatusCode == StatusCode.Internal && refusal.Status.DebugException is { } transport)
            return CommandFailureException.Unreachable($"The node could not be reached. {Deepest(transport)}", refusal);
        return new CommandFailureException(ExitCode.Refused, refusal.StatusCode.ToString().ToUpperInvariant(), refusal.Status.Detail, cause: refusal);
    }

    private static string Cause(RpcException refusal) =>
        refusal.Status.DebugException is { } cause ? Deepest(cause) : refusal.Status.Detail;

    private static string Deepest(Exception cause)
    {
        for (var inner = cause; inner is not null; inner = inner.InnerException)
        {
            // With TLS 1.3 a client learns only after the handshake that its certificate is not admitted: the connection ends.
            if (inner is ObjectDisposedException or HttpProtocolException or HttpIOException)
                return "It closed the connection: it may not admit this client's certificate.";
            if (inner is SocketException or AuthenticationException || inner.InnerException is null)
                return inner.Message;
        }
        return cause.Message;
    }
}
