using Federation.Protocol.Errors;
using Federation.V1.Node;
using Grpc.Core;

namespace Federation.Node.Tests.Cli;

/// <summary>
/// Takes records as a script says: it refuses those whose id is <c>refuse</c>, ends the stream at <c>abort</c>, and holds its answers
/// back until the caller has sent what it may, then gives them in reverse order.
/// </summary>
internal sealed class ScriptedRecords : RecordsService.RecordsServiceBase
{
    private const int MayBeUnanswered = 1000;

    private readonly List<PublishRecordsRequest> _received = [];

    /// <summary>What was received, in order.</summary>
    public IReadOnlyList<PublishRecordsRequest> Received => _received;

    /// <summary>The most requests that were unanswered at a time.</summary>
    public int MostUnanswered { get; private set; }

    public override async Task PublishRecords(
        IAsyncStreamReader<PublishRecordsRequest> requestStream, IServerStreamWriter<PublishRecordsResponse> responseStream, ServerCallContext context)
    {
        var held = new Stack<PublishRecordsResponse>();
        while (true)
        {
            // A caller that keeps to the limit sends nothing more now, so waiting for it would never end.
            if (held.Count >= MayBeUnanswered)
                await AnswerAsync(held, responseStream, context.CancellationToken);
            if (!await requestStream.MoveNext(context.CancellationToken))
                break;
            var request = requestStream.Current;
            if (request.Record.RecordId == "abort")
                throw FederationError.Exception(FederationReason.ShuttingDown, "The node is stopping.");
            held.Push(Answer((ulong)_received.Count, request.Record.RecordId));
            _received.Add(request);
            MostUnanswered = Math.Max(MostUnanswered, held.Count);
        }
        await AnswerAsync(held, responseStream, context.CancellationToken);
    }

    public override Task<GetRecordResponse> GetRecord(GetRecordRequest request, ServerCallContext context) =>
        throw FederationError.Exception(FederationReason.FieldInvalid, "The request is malformed.", ("record_id", "Not a lower-case UUID."));

    private static PublishRecordsResponse Answer(ulong index, string id)
    {
        if (id != "refuse")
            return new PublishRecordsResponse { Index = index, Result = new WriteResult { RecordId = id, Revision = 1 } };
        var failure = new WriteFailure { Reason = "FIELD_INVALID", Message = "The record is not valid." };
        failure.BadFields.Add(new BadField { Field = "record.envelope.title", Description = "Missing." });
        return new PublishRecordsResponse { Index = index, Failure = failure };
    }

    private static async Task AnswerAsync(
        Stack<PublishRecordsResponse> held, IServerStreamWriter<PublishRecordsResponse> responses, CancellationToken cancellationToken)
    {
        while (held.TryPop(out var response))
            await responses.WriteAsync(response, cancellationToken);
    }
}
