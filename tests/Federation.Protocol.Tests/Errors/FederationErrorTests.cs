using System.Text.RegularExpressions;
using Federation.Protocol.Errors;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Federation.Protocol.Tests.Errors;

public class FederationErrorTests
{
    [Fact]
    public void Every_reason_survives_the_wire_with_its_code_and_fields()
    {
        foreach (var reason in FederationReason.All)
        {
            var thrown = FederationError.Exception(reason, "A sentence.", ("record.title", "It is missing."), ("record.kind", "It is not known."));
            Assert.Equal(reason.StatusCode, thrown.StatusCode);
            Assert.Equal("A sentence.", thrown.Status.Detail);

            // Only code, message and trailers reach a client.
            var received = new RpcException(new Grpc.Core.Status(thrown.StatusCode, thrown.Status.Detail), thrown.Trailers);
            Assert.True(FederationError.TryRead(received, out var read, out var badRequest));
            Assert.Same(reason, read);
            Assert.Equal(["record.title", "record.kind"], badRequest?.FieldViolations.Select(violation => violation.Field));
            Assert.Equal("It is missing.", badRequest?.FieldViolations[0].Description);
        }
    }

    [Fact]
    public void Without_bad_fields_there_is_no_bad_request()
    {
        Assert.True(FederationError.TryRead(FederationError.Exception(FederationReason.RecordNotFound, "None."), out _, out var badRequest));
        Assert.Null(badRequest);
    }

    [Fact]
    public void The_table_is_complete_and_its_names_are_unique_upper_snake_case()
    {
        var fields = typeof(FederationReason).GetFields().Select(field => field.GetValue(null)).OfType<FederationReason>().ToList();
        Assert.Equal(fields.OrderBy(reason => reason.Name, StringComparer.Ordinal), FederationReason.All);
        Assert.Equal(28, FederationReason.All.Count);
        foreach (var reason in FederationReason.All)
        {
            Assert.Matches(new Regex("^[A-Z]+(_[A-Z]+)*$"), reason.Name);
            Assert.EndsWith(".", reason.Meaning, StringComparison.Ordinal);
            Assert.NotEqual(StatusCode.OK, reason.StatusCode);
            Assert.True(FederationReason.TryFind(reason.Name, out var found));
            Assert.Same(reason, found);
        }
        Assert.False(FederationReason.TryFind("NO_SUCH_REASON", out _));
    }

    [Fact]
    public void Foreign_and_malformed_errors_are_not_read()
    {
        AssertNotRead(new RpcException(new Grpc.Core.Status(StatusCode.NotFound, "x")));
        AssertNotRead(WithDetails(StatusCode.NotFound, new ErrorInfo { Domain = "elsewhere", Reason = "RECORD_NOT_FOUND" }));
        AssertNotRead(WithDetails(StatusCode.NotFound, new ErrorInfo { Domain = "federation", Reason = "OF_A_LATER_VERSION" }));
        AssertNotRead(WithDetails(StatusCode.NotFound, new BadRequest()));
        foreach (var bytes in new byte[][] { [0xFF], [0x1A, 0x02, 0x12], [.. Enumerable.Repeat((byte)0x0A, 50)] })
            AssertNotRead(new RpcException(new Grpc.Core.Status(StatusCode.NotFound, "x"), new Metadata { { "grpc-status-details-bin", bytes } }));
        var broken = new Google.Rpc.Status { Code = (int)StatusCode.NotFound };
        broken.Details.Add(new Any { TypeUrl = "type.googleapis.com/google.rpc.ErrorInfo", Value = Google.Protobuf.ByteString.CopyFrom(0xFF) });
        AssertNotRead(broken.ToRpcException());
    }

    private static RpcException WithDetails(StatusCode code, Google.Protobuf.IMessage detail)
    {
        var status = new Google.Rpc.Status { Code = (int)code };
        status.Details.Add(Any.Pack(detail));
        return status.ToRpcException();
    }

    private static void AssertNotRead(RpcException exception)
    {
        Assert.False(FederationError.TryRead(exception, out var reason, out var badRequest));
        Assert.Null(reason);
        Assert.Null(badRequest);
    }
}
