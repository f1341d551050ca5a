using System.Diagnostics;
using Federation.Benchmarks.Load;
using Federation.Benchmarks.Postgres;
using Federation.Benchmarks.Report;

namespace Federation.Benchmarks.Bars;

/// <summary>B1: a new partner receives live records of 2 KiB, verified and durable; beside it PostgreSQL's initial copy with a row filter.</summary>
internal sealed class Bootstrap(BenchmarkOptions options, FigureTable table)
{
    private const int UsualRecords = 200_000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var records = options.RecordsOr(UsualRecords);
        var peer = await MeasurePeerAsync(records, cancellationToken);
        var run = await BootstrapRun.RunAsync(records, cancellationToken);
        var rate = records / run.Elapsed.TotalSeconds;
        table.Add("B1", "records", records, "of 2 KiB");
        table.Add("B1", "published before, bulk stream, durable", records / run.Publishing.TotalSeconds, "records/s");
        table.Add("B1", "  CPU of the origin, publishing", run.PublishMicroseconds, "µs a record");
        table.Add("B1", "bootstrap, whole time", run.Elapsed.TotalSeconds, "s");
        table.Add("B1", "bootstrap", rate, "records/s");
        table.Add("B1", "  CPU of the origin", run.OriginMicroseconds, "µs a record");
        table.Add("B1", "  CPU of the partner", run.PartnerMicroseconds, "µs a record");
        table.Add("B1", "partner afterwards", run.PartnerState);
        if (peer is { } copied)
        {
            table.Add("B1", "PostgreSQL's initial copy with a row filter", copied, "rows/s");
            table.Add("B1", "ratio", rate / copied, "×", "floor 1.0 ×, goal 2.0 ×");
        }
        else
        {
            table.Note("B1", "PostgreSQL was not run");
        }
    }

    private async Task<double?> MeasurePeerAsync(int records, CancellationToken cancellationToken)
    {
        await using var peer = await PostgresPair.StartAsync(options, cancellationToken);
        if (peer is null)
            return null;
        table.Add("B1", "PostgreSQL", await peer.VersionAsync(cancellationToken));
        var rows = PostgresRow.Make(new BenchRecords(seed: 1, passPercent: 100), records);
        await peer.InsertAsync(rows, cancellationToken);
        var watch = Stopwatch.StartNew();
        await peer.SubscribeAsync(cancellationToken);
        await peer.WaitForAsync(rows[^1], cancellationToken);
        return records / watch.Elapsed.TotalSeconds;
    }
}
