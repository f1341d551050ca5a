using System.Collections.Concurrent;
using System.Diagnostics;
using Federation.Benchmarks.Nodes;
using Federation.V1.Node;
using Grpc.Core;
using HdrHistogram;

namespace Federation.Benchmarks.Bars;

/// <summary>When each record was accepted at the origin and seen at the partners.</summary>
internal sealed class Sightings(int records, int partners)
{
    private const long LongestMicroseconds = 60_000_000;

    private readonly ConcurrentDictionary<string, int> indexOf = new();
    private readonly long[] accepted = new long[records];
    private readonly long[][] seen = [.. Enumerable.Range(0, partners).Select(_ => new long[records])];
    private readonly TaskCompletionSource allSeen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int missing = records * partners;

    /// <summary>Completes when every partner has seen every record.</summary>
    public Task AllSeen => allSeen.Task;

    /// <summary>Watches at a partner; what is awaited ends when the watch has caught up, its result when the watch ends.</summary>
    public async Task<Task> WatchAsync(BenchNode partner, int number, CancellationToken cancellationToken)
    {
        var caughtUp = new TaskCompletionSource();
        var watch = Task.Run(() => WatchToEndAsync(partner, number, caughtUp, cancellationToken), CancellationToken.None);
        await Task.WhenAny(caughtUp.Task, watch);
        return watch;
    }

    /// <summary>Publishes at a steady rate, each record when it is due.</summary>
    public async Task PublishAsync(BenchNode origin, IReadOnlyList<PublishRecordsRequest> requests, int perSecond, CancellationToken cancellationToken)
    {
        for (var i = 0; i < requests.Count; i++)
            indexOf[requests[i].Record.RecordId] = i;
        using var call = origin.Records.PublishRecords(cancellationToken: cancellationToken);
        var answers = Task.Run(
            async () =>
            {
                while (await call.ResponseStream.MoveNext(cancellationToken))
                    accepted[call.ResponseStream.Current.Index] = Stopwatch.GetTimestamp();
            },
            cancellationToken);
        var watch = Stopwatch.StartNew();
        for (var sent = 0; sent < requests.Count;)
        {
            for (var due = Math.Min(requests.Count, (int)(watch.Elapsed.TotalSeconds * perSecond)); sent < due; sent++)
                await call.RequestStream.WriteAsync(requests[sent], cancellationToken);
            await Task.Delay(1, cancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        await answers;
    }

    /// <summary>The times from acceptance to sight, in microseconds. What was seen before its own answer had come back counts as 1.</summary>
    public LongHistogram ToHistogram()
    {
        var histogram = new LongHistogram(LongestMicroseconds, 3);
        foreach (var times in seen)
        {
            for (var i = 0; i < records; i++)
            {
                if (times[i] != 0)
                    histogram.RecordValue(Math.Clamp((long)Stopwatch.GetElapsedTime(accepted[i], times[i]).TotalMicroseconds, 1, LongestMicroseconds));
            }
        }

        return histogram;
    }

    private async Task WatchToEndAsync(BenchNode partner, int number, TaskCompletionSource caughtUp, CancellationToken cancellationToken)
    {
        try
        {
            using var call = partner.Records.WatchRecords(new WatchRecordsRequest(), cancellationToken: cancellationToken);
            while (await call.ResponseStream.MoveNext(cancellationToken))
            {
                var now = Stopwatch.GetTimestamp();
                var response = call.ResponseStream.Current;
                if (response.Event == RecordEvent.UpToDate)
                    caughtUp.TrySetResult();
                else if (response.Event == RecordEvent.Changed && indexOf.TryGetValue(response.Record.RecordId, out var index))
                    Note(number, index, now);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            // Everything was seen, or is given up.
        }
    }

    private void Note(int partner, int index, long now)
    {
        if (Interlocked.CompareExchange(ref seen[partner][index], now, 0) == 0 && Interlocked.Decrement(ref missing) == 0)
            allSeen.TrySetResult();
    }
}
