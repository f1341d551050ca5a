using Federation.V1.Node;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>Reads a watch.</summary>
internal static class WatchSteps
{
    public static async Task<List<WatchRecordsResponse>> TakeAsync(
        this AsyncServerStreamingCall<WatchRecordsResponse> watch, int count, CancellationToken cancellationToken)
    {
        var taken = new List<WatchRecordsResponse>();
        while (taken.Count < count)
        {
            Assert.True(await watch.ResponseStream.MoveNext(cancellationToken));
            taken.Add(watch.ResponseStream.Current.Clone());
        }

        return taken;
    }

    public static async Task<List<RecordEvent>> TakeEventsAsync(
        this AsyncServerStreamingCall<WatchRecordsResponse> watch, int count, CancellationToken cancellationToken) =>
        [.. (await watch.TakeAsync(count, cancellationToken)).Select(r => r.Event)];
}
