using System.Globalization;
using Federation.Protocol.Records;
using Federation.Simulation.Scenarios.Nodes;
using Federation.Simulation.World;
using Federation.V1.Node;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>
/// What the origin's own systems call: each call's random values come from the stream that its header names. An operation of the visible
/// script always names the revision in force when it arrives: how many hidden edits came before is not its affair.
/// </summary>
internal sealed class OwnCalls(CallStreams streams, NodeDisk disk, InstituteId origin) : Interceptor
{
    public const string StreamHeader = "sim-stream";
    public const string AnyRevisionHeader = "sim-any-revision";

    public static Metadata Header(ulong stream, bool anyRevision)
    {
        var headers = new Metadata { { StreamHeader, stream.ToString(CultureInfo.InvariantCulture) } };
        if (anyRevision)
            headers.Add(AnyRevisionHeader, "yes");
        return headers;
    }

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        streams.Enter("own", new Rng(ulong.Parse(context.RequestHeaders.GetValue(StreamHeader) ?? "0", CultureInfo.InvariantCulture)));
        if (context.RequestHeaders.Get(AnyRevisionHeader) is not null)
            NamePresentRevision(request);
        return continuation(request, context);
    }

    private void NamePresentRevision<TRequest>(TRequest request)
    {
        switch (request)
        {
            case ReviseRecordRequest revise:
                revise.ExpectedRevision = Revision(revise.RecordId);
                break;
            case WithdrawRecordRequest withdraw:
                withdraw.ExpectedRevision = Revision(withdraw.RecordId);
                break;
            case EraseRecordRequest erase:
                erase.ExpectedRevision = Revision(erase.RecordId);
                break;
        }
    }

    private uint Revision(string record) => (uint)disk.VersionOf(new RecordName(origin, RecordId.Parse(record)));
}
