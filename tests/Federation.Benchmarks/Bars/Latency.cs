using Federation.Benchmarks.Load;
using Federation.Benchmarks.Nodes;
using Federation.Benchmarks.Report;
using HdrHistogram;

namespace Federation.Benchmarks.Bars;

/// <summary>B4: from the answer to a publication until a watcher at the partner sees the record, at 1,000 records a second, with 1 partner and with 10.</summary>
internal sealed class Latency(BenchmarkOptions options, FigureTable table)
{
    private const int PerSecond = 1000;

    // Watching costs a node more than receiving does: with many partners only the first and the last are watched.
    private const int MostWatched = 2;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await MeasureAsync(1, "p50 ≤ 15 ms", "p99 ≤ 60 ms", cancellationToken);
        await MeasureAsync(10, "p50 ≤ 40 ms", "p99 ≤ 150 ms", cancellationToken);
    }

    private async Task MeasureAsync(int partners, string medianBar, string tailBar, CancellationToken cancellationToken)
    {
        await using var network = await BenchNetwork.StartAsync(partners, cancellationToken);
        foreach (var partner in network.Partners)
            await network.Origin.ShareWithAsync(partner, BenchPolicy.Text, cancellationToken);
        var seconds = options.Quick ? 5 : 20;
        var source = new BenchRecords(seed: 5, passPercent: 100);
        var watched = network.Partners.Count <= MostWatched ? network.Partners : [network.Partners[0], network.Partners[^1]];
        await PublishAsync(network, watched, source, 2, cancellationToken);
        var (origin, partnersBefore) = (network.Origin.Usage, network.Partners.Select(p => p.Usage).ToList());
        var histogram = await PublishAsync(network, watched, source, seconds, cancellationToken);

        var records = seconds * PerSecond;
        var received = network.Partners.Zip(partnersBefore, (p, before) => p.Usage.MicrosecondsSince(before, records)).Average();
        var name = partners == 1 ? "B4, 1 partner" : $"B4, {partners} partners";
        table.Add(name, "seen / published", $"{histogram.TotalCount} / {records * watched.Count}");
        table.Add(name, "publish accepted to seen at the partner, p50", Milliseconds(histogram, 50), "ms", medianBar);
        table.Add(name, "  p90", Milliseconds(histogram, 90), "ms");
        table.Add(name, "  p99", Milliseconds(histogram, 99), "ms", tailBar);
        table.Add(name, "  p99.9", Milliseconds(histogram, 99.9), "ms");
        table.Add(name, "  CPU of the origin", network.Origin.Usage.MicrosecondsSince(origin, records), "µs a record");
        table.Add(name, "  CPU of a partner, average", received, "µs a record");
    }

    private static double Milliseconds(LongHistogram histogram, double percentile) => histogram.GetValueAtPercentile(percentile) / 1000.0;

    private static async Task<LongHistogram> PublishAsync(
        BenchNetwork network, IReadOnlyList<BenchNode> watched, BenchRecords source, int seconds, CancellationToken cancellationToken)
    {
        var requests = BulkLoad.Make(source, seconds * PerSecond);
        var sightings = new Sightings(requests.Count, watched.Count);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = new List<Task>();
        foreach (var partner in watched)
            watching.Add(await sightings.WatchAsync(partner, watching.Count, enough.Token));
        await sightings.PublishAsync(network.Origin, requests, PerSecond, cancellationToken);
        await sightings.AllSeen.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await enough.CancelAsync();
        await Task.WhenAll(watching);
        return sightings.ToHistogram();
    }
}
