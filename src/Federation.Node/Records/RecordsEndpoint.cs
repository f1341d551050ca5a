using Federation.Node.Access;
using Federation.V1.Node;
using Grpc.Core;

namespace Federation.Node.Records;

/// <summary>The institute's own systems to their own node.</summary>
internal sealed class RecordsEndpoint(RecordPublisher publisher, RecordReader reader, Shutdown shutdown) : RecordsService.RecordsServiceBase
{
    private const ClientRoles Readers = ClientRoles.Reader | ClientRoles.Publisher;

    public override async Task<PublishRecordResponse> PublishRecord(PublishRecordRequest request, ServerCallContext context)
    {
        var caller = Callers.Require(context, ClientRoles.Publisher);
        shutdown.Refuse();
        return new PublishRecordResponse { Result = await publisher.PublishAsync(request.Record, request.IdempotencyKey, caller, context.CancellationToken) };
    }

    public override async Task PublishRecords(
        IAsyncStreamReader<PublishRecordsRequest> requestStream, IServerStreamWriter<PublishRecordsResponse> responseStream, ServerCallContext context)
    {
        var caller = Callers.Require(context, ClientRoles.Publisher);
        await shutdown.RunAsync(token => new BulkPublication(publisher, caller).RunAsync(requestStream, responseStream, token), context.CancellationToken);
    }

    public override async Task<ReviseRecordResponse> ReviseRecord(ReviseRecordRequest request, ServerCallContext context)
    {
        var caller = Callers.Require(context, ClientRoles.Publisher);
        shutdown.Refuse();
        return new ReviseRecordResponse { Result = await publisher.ReviseAsync(request, caller, context.CancellationToken) };
    }

    public override async Task<WithdrawRecordResponse> WithdrawRecord(WithdrawRecordRequest request, ServerCallContext context)
    {
        var caller = Callers.Require(context, ClientRoles.Publisher);
        shutdown.Refuse();
        return new WithdrawRecordResponse { Result = await publisher.WithdrawAsync(request, caller, context.CancellationToken) };
    }

    public override async Task<EraseRecordResponse> EraseRecord(EraseRecordRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Publisher);
        shutdown.Refuse();
        await publisher.EraseAsync(request, context.CancellationToken);
        return new EraseRecordResponse();
    }

    public override async Task<GetRecordResponse> GetRecord(GetRecordRequest request, ServerCallContext context)
    {
        var caller = Callers.Require(context, Readers);
        return new GetRecordResponse { Record = await reader.GetAsync(request, caller, context.CancellationToken) };
    }

    public override Task<ListRecordsResponse> ListRecords(ListRecordsRequest request, ServerCallContext context) =>
        reader.ListAsync(request, Callers.Require(context, Readers), context.CancellationToken);

    public override Task WatchRecords(WatchRecordsRequest request, IServerStreamWriter<WatchRecordsResponse> responseStream, ServerCallContext context)
    {
        var caller = Callers.Require(context, Readers);
        return shutdown.RunAsync(token => reader.WatchAsync(request, caller, responseStream, token), context.CancellationToken);
    }
}
