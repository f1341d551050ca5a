using System.Collections.Concurrent;
using Federation.Cli.Connection;
using Federation.Cli.RecordFiles;
using Federation.V1.Node;
using Grpc.Core;

namespace Federation.Cli.Publishing;

/// <summary>Publishes many records over one stream, with a bounded number that are unanswered.</summary>
internal sealed class BulkPublisher(NodeConnection node)
{
    // The node takes 1,000; beyond that it makes us wait, and so do we.
    private const int MaxUnanswered = 1000;

    // The own listener takes messages of at most 1 MiB, and one that is larger would end the whole stream.
    private const int MaxRequestBytes = 1024 * 1024 - 1024;

    /// <summary>Sends every record and reports each outcome as it arrives; records that could not be read are reported as refused.</summary>
    public async Task PublishAsync(
        IAsyncEnumerable<DraftSource> sources, Action<PublishOutcome> onOutcome, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var window = new SemaphoreSlim(MaxUnanswered);
        using var call = node.Records.PublishRecords(cancellationToken: stop.Token);
        var unanswered = new ConcurrentDictionary<ulong, DraftSource>();
        var writing = WriteAsync(call.RequestStream, sources, unanswered, window, onOutcome, stop.Token);
        try
        {
            while (await call.ResponseStream.MoveNext(stop.Token))
            {
                var answer = call.ResponseStream.Current;
                if (unanswered.TryRemove(answer.Index, out var source))
                {
                    onOutcome(PublishOutcome.Of(source, answer));
                    window.Release();
                }
            }
            await writing;
        }
        catch
        {
            await stop.CancelAsync();
            // A file that cannot be read is the better explanation than the call that it ended.
            await writing.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            if (writing.Exception?.InnerException is IOException or UnauthorizedAccessException)
                await writing;
            throw;
        }
        if (!unanswered.IsEmpty)
            throw new CommandFailureException(ExitCode.Unreachable, "UNANSWERED", $"The node left {unanswered.Count} records unanswered.");
    }

    private static async Task WriteAsync(
        IClientStreamWriter<PublishRecordsRequest> requests,
        IAsyncEnumerable<DraftSource> sources,
        ConcurrentDictionary<ulong, DraftSource> unanswered,
        SemaphoreSlim window,
        Action<PublishOutcome> onOutcome,
        CancellationToken cancellationToken)
    {
        try
        {
            ulong index = 0;
            await foreach (var source in sources.WithCancellation(cancellationToken))
            {
                if (Refuse(source) is { } refused)
                {
                    onOutcome(refused);
                    continue;
                }
                await window.WaitAsync(cancellationToken);
                unanswered[index++] = source;
                await requests.WriteAsync(new PublishRecordsRequest { Record = source.Draft, IdempotencyKey = source.IdempotencyKey }, cancellationToken);
            }
        }
        finally
        {
            // Also after a failure, so that what was sent is still answered.
            if (!cancellationToken.IsCancellationRequested)
                await requests.CompleteAsync();
        }
    }

    private static PublishOutcome? Refuse(DraftSource source)
    {
        if (source.Draft is null)
            return new PublishOutcome(source, null, "FIELD_INVALID", "It cannot be read.", source.Faults);
        return source.Draft.CalculateSize() > MaxRequestBytes
            ? new PublishOutcome(source, null, "LIMIT_EXCEEDED", "The record is larger than a message may be.", [])
            : null;
    }
}
