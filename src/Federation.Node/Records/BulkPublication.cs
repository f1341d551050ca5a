using System.Threading.Channels;
using Federation.Node.Access;
using Federation.Protocol.Errors;
using Federation.V1.Node;
using Grpc.Core;

namespace Federation.Node.Records;

/// <summary>
/// One stream of publications: up to 1,000 are under way at a time, so that many share one commit, and each is answered in the order
/// of the requests once its own commit is done. A bad record is answered with its faults and stops nothing.
/// </summary>
internal sealed class BulkPublication(RecordPublisher publisher, ClientCaller caller)
{
    private const int MaxUnanswered = 1000;

    /// <summary>Runs the stream to its end.</summary>
    public async Task RunAsync(
        IAsyncStreamReader<PublishRecordsRequest> requests, IServerStreamWriter<PublishRecordsResponse> responses, CancellationToken cancellationToken)
    {
        // Room is taken when a request is read, so that the channel and what its reader holds are together within the bound.
        var underWay = Channel.CreateBounded<Task<PublishRecordsResponse>>(
            new BoundedChannelOptions(MaxUnanswered - 1) { SingleReader = true, SingleWriter = true });
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answering = AnswerAsync(underWay.Reader, responses, broken);
        try
        {
            for (ulong index = 0; await requests.NextAsync(broken.Token); index++)
                await underWay.Writer.WriteAsync(PublishAsync(index, requests.Current, broken.Token), broken.Token);
        }
        finally
        {
            underWay.Writer.TryComplete();
            await answering;
        }
    }

    private static async Task AnswerAsync(
        ChannelReader<Task<PublishRecordsResponse>> underWay, IServerStreamWriter<PublishRecordsResponse> responses, CancellationTokenSource broken)
    {
        try
        {
            await foreach (var answer in underWay.ReadAllAsync(broken.Token))
                await responses.WriteAsync(await answer, broken.Token);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The caller can't be answered any more, or the store is gone: nothing further is read.
            await broken.CancelAsync();
            throw;
        }
    }

    private async Task<PublishRecordsResponse> PublishAsync(ulong index, PublishRecordsRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var result = await publisher.PublishAsync(request.Record, request.IdempotencyKey, caller, cancellationToken);
            return new PublishRecordsResponse { Index = index, Result = result };
        }
        catch (RpcException refusal) when (FederationError.TryRead(refusal, out var reason, out var bad))
        {
            var failure = new WriteFailure { Reason = reason.Name, Message = refusal.Status.Detail };
            failure.BadFields.AddRange(bad?.FieldViolations.Select(v => new BadField { Field = v.Field, Description = v.Description }) ?? []);
            return new PublishRecordsResponse { Index = index, Failure = failure };
        }
    }
}
