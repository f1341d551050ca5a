using System.Diagnostics.CodeAnalysis;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Federation.Protocol.Errors;

/// <summary>A refusal on the wire: <c>google.rpc.Status</c> with <c>ErrorInfo</c>, and <c>BadRequest</c> where fields are to blame.</summary>
public static class FederationError
{
    /// <summary>The domain of the reasons in <c>google.rpc.ErrorInfo</c>.</summary>
    public const string Domain = "federation";

    /// <summary>Builds the exception that a server throws and gRPC turns into status and trailers.</summary>
    /// <param name="reason">Why the call is refused; it decides the status code.</param>
    /// <param name="message">A sentence for the caller's operator; must not tell what is withheld from the caller.</param>
    /// <param name="badFields">The fields to blame, by their path in the request, each with a sentence.</param>
    public static RpcException Exception(FederationReason reason, string message, params (string Field, string Description)[] badFields)
    {
        var status = new Google.Rpc.Status { Code = (int)reason.StatusCode, Message = message };
        status.Details.Add(Any.Pack(new ErrorInfo { Domain = Domain, Reason = reason.Name }));
        if (badFields.Length > 0)
        {
            var badRequest = new BadRequest();
            foreach (var (field, description) in badFields)
                badRequest.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = field, Description = description });
            status.Details.Add(Any.Pack(badRequest));
        }
        return status.ToRpcException();
    }

    /// <summary>
    /// Reads a refusal; false if the exception carries none, or one of a reason that this version does not know.
    /// <paramref name="badRequest"/> is null where no fields are to blame. Never throws, whatever the peer sent.
    /// </summary>
    public static bool TryRead(RpcException exception, [NotNullWhen(true)] out FederationReason? reason, out BadRequest? badRequest)
    {
        reason = null;
        badRequest = null;
        var status = exception.Trailers.GetRpcStatus(ignoreParseError: true);
        if (status?.Code != (int)exception.StatusCode)
            return false;
        try
        {
            if (status.GetDetail<ErrorInfo>() is not { Domain: Domain } errorInfo || !FederationReason.TryFind(errorInfo.Reason, out reason))
                return false;
            badRequest = status.GetDetail<BadRequest>();
            return true;
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            reason = null;
            return false;
        }
    }
}
