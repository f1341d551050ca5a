using System.Diagnostics;
using System.Globalization;
using Federation.Benchmarks.Load;
using Federation.Benchmarks.Nodes;
using Federation.Benchmarks.Report;
using Federation.V1.Node;
using Grpc.Health.V1;

namespace Federation.Benchmarks.Bars;

/// <summary>B5: 32 callers publish one record a call, durable and with an idempotency key; beside it 32 callers of a call that does nothing.</summary>
internal sealed class UnaryCalls(BenchmarkOptions options, FigureTable table)
{
    private const int Callers = 32;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var network = await BenchNetwork.StartAsync(0, cancellationToken);
        var origin = network.Origin;
        var time = TimeSpan.FromSeconds(options.Quick ? 2 : 10);
        var source = new BenchRecords(seed: 4, passPercent: 60);
        // More than can be used, so that making records is not measured.
        var requests = BulkLoad.Make(source, options.Quick ? 20_000 : 150_000)
            .Select((r, i) => new PublishRecordRequest { Record = r.Record, IdempotencyKey = string.Create(CultureInfo.InvariantCulture, $"call-{i}") }).ToArray();
        var next = -1;
        async Task PublishAsync() =>
            await origin.Records.PublishRecordAsync(requests[Interlocked.Increment(ref next)], cancellationToken: cancellationToken);
        async Task DoNothingAsync() => await origin.Health.CheckAsync(new HealthCheckRequest(), cancellationToken: cancellationToken);

        await CallAsync(DoNothingAsync, time / 4, origin);
        var nothing = await CallAsync(DoNothingAsync, time, origin);
        await CallAsync(PublishAsync, time / 4, origin);
        var publish = await CallAsync(PublishAsync, time, origin);
        table.Add("B5", $"calls that do nothing, {Callers} callers", nothing.PerSecond, "calls/s");
        table.Add("B5", "  CPU of the node", nothing.Microseconds, "µs a call");
        table.Add("B5", $"unary publish, durable, idempotency key, {Callers} callers", publish.PerSecond, "calls/s");
        table.Add("B5", "  CPU of the node", publish.Microseconds, "µs a call");
        table.Add("B5", "ratio", publish.PerSecond / nothing.PerSecond, "×", "≥ 0.4 ×");
    }

    private static async Task<(double PerSecond, double Microseconds)> CallAsync(Func<Task> call, TimeSpan time, BenchNode node)
    {
        var before = node.Usage;
        var calls = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (watch.Elapsed < time)
            {
                await call();
                Interlocked.Increment(ref calls);
            }
        })));
        return (calls / watch.Elapsed.TotalSeconds, node.Usage.MicrosecondsSince(before, calls));
    }
}
