using System.Diagnostics;
using Federation.Benchmarks.Load;
using Federation.Benchmarks.Nodes;
using Federation.Benchmarks.Postgres;
using Federation.Benchmarks.Report;

namespace Federation.Benchmarks.Bars;

/// <summary>B2: records published through the API while a partner follows, until the last that passes is durable there.</summary>
internal sealed class Tail(BenchmarkOptions options, FigureTable table)
{
    private const int UsualRecords = 100_000;
    private const int PassPercent = 60;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var records = options.RecordsOr(UsualRecords);
        var peer = await MeasurePeerAsync(records, cancellationToken);
        var ours = await MeasureAsync(records, cancellationToken);
        if (peer is { } seconds)
        {
            table.Add("B2", "PostgreSQL, inserted in one transaction and applied", seconds, "s");
            table.Add("B2", "  that is", records / seconds, "rows/s");
            table.Add("B2", "ratio", seconds / ours, "×", "floor 0.8 ×, goal 1.5 ×");
        }
        else
        {
            table.Note("B2", "PostgreSQL was not run");
        }
    }

    private async Task<double> MeasureAsync(int records, CancellationToken cancellationToken)
    {
        await using var network = await BenchNetwork.StartAsync(1, cancellationToken);
        var (origin, partner) = (network.Origin, network.Partner);
        await origin.ShareWithAsync(partner, BenchPolicy.Text, cancellationToken);
        var source = new BenchRecords(seed: 2, PassPercent);
        // The first few are not timed: they open the stream and warm both programs.
        await BulkLoad.PublishAsync(origin.Records, BulkLoad.Make(source, 1000), cancellationToken);
        await Polling.UntilAsync(() => partner.Gauge.Applied >= source.PassingOf(1000), cancellationToken);

        var requests = BulkLoad.Make(source, records);
        var passing = source.PassingOf(1000 + records);
        var (originBefore, partnerBefore) = (origin.Usage, partner.Usage);
        var watch = Stopwatch.StartNew();
        await BulkLoad.PublishAsync(origin.Records, requests, cancellationToken);
        var published = watch.Elapsed;
        await Polling.UntilAsync(() => partner.Gauge.Applied >= passing, cancellationToken);
        var whole = watch.Elapsed;
        table.Add("B2", "records", records, $"of 2 KiB, {PassPercent} % pass");
        table.Add("B2", "published and durable at the origin", published.TotalSeconds, "s");
        table.Add("B2", "the last one durable at the partner", whole.TotalSeconds, "s");
        table.Add("B2", "  that is", records / whole.TotalSeconds, "records/s");
        table.Add("B2", "  CPU of the origin", origin.Usage.MicrosecondsSince(originBefore, records), "µs a record published");
        table.Add("B2", "  CPU of the partner", partner.Usage.MicrosecondsSince(partnerBefore, source.PassingOf(records)), "µs a record received");
        return whole.TotalSeconds;
    }

    private async Task<double?> MeasurePeerAsync(int records, CancellationToken cancellationToken)
    {
        await using var peer = await PostgresPair.StartAsync(options, cancellationToken);
        if (peer is null)
            return null;
        await peer.SubscribeAsync(cancellationToken);
        var source = new BenchRecords(seed: 2, PassPercent);
        var warm = PostgresRow.Make(source, 1000);
        await peer.InsertAsync(warm, cancellationToken);
        await peer.WaitForAsync(PostgresRow.LastPassing(warm), cancellationToken);
        var rows = PostgresRow.Make(source, records);
        var watch = Stopwatch.StartNew();
        await peer.InsertAsync(rows, cancellationToken);
        await peer.WaitForAsync(PostgresRow.LastPassing(rows), cancellationToken);
        return watch.Elapsed.TotalSeconds;
    }
}
