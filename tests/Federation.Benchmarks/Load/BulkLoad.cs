using Federation.V1.Node;

namespace Federation.Benchmarks.Load;

/// <summary>Publishes records over one bulk stream, with at most 1,000 unanswered.</summary>
internal static class BulkLoad
{
    private const int MaxUnanswered = 1000;

    /// <summary>Publishes and waits until every record is accepted and durable.</summary>
    public static async Task PublishAsync(RecordsService.RecordsServiceClient client, IReadOnlyList<PublishRecordsRequest> requests, CancellationToken cancellationToken)
    {
        using var window = new SemaphoreSlim(MaxUnanswered);
        using var call = client.PublishRecords(cancellationToken: cancellationToken);
        var answers = Task.Run(() => ReadAsync(call.ResponseStream, window, cancellationToken), cancellationToken);
        foreach (var request in requests)
        {
            await window.WaitAsync(cancellationToken);
            await call.RequestStream.WriteAsync(request, cancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        await answers;
    }

    /// <summary>Makes so many requests.</summary>
    public static List<PublishRecordsRequest> Make(BenchRecords records, int count)
    {
        var requests = new List<PublishRecordsRequest>(count);
        for (var i = 0; i < count; i++)
            requests.Add(new PublishRecordsRequest { Record = records.Next() });
        return requests;
    }

    private static async Task ReadAsync(Grpc.Core.IAsyncStreamReader<PublishRecordsResponse> answers, SemaphoreSlim window, CancellationToken cancellationToken)
    {
        while (await answers.MoveNext(cancellationToken))
        {
            if (answers.Current.Failure is { } failure)
                throw new InvalidOperationException($"record {answers.Current.Index} was refused: {failure.Message}");
            window.Release();
        }
    }
}
