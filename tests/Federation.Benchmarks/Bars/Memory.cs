using Federation.Benchmarks.Report;

namespace Federation.Benchmarks.Bars;

/// <summary>B8: the resident memory of a node that serves a bootstrap, over the bootstrap.</summary>
internal sealed class Memory(BenchmarkOptions options, FigureTable table)
{
    private const int UsualRecords = 200_000;
    private const int Points = 10;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var records = options.RecordsOr(UsualRecords);
        var run = await BootstrapRun.RunAsync(records, cancellationToken);
        table.Add("B8", "records", records, "of 2 KiB");
        table.Add("B8", "origin before the bootstrap (it has just taken the records)", Mebibytes(run.OriginBefore.ResidentKiB), "MiB");
        for (var point = 1; point <= Points; point++)
        {
            var sample = run.Samples.First(s => s.Applied >= (long)records * point / Points);
            table.Add("B8", $"origin / partner at {sample.Applied} applied", $"{FigureTable.Text(Mebibytes(sample.OriginKiB))} / {FigureTable.Text(Mebibytes(sample.PartnerKiB))} MiB");
        }

        table.Add("B8", "origin, most during the bootstrap", Mebibytes(run.Samples.Max(s => s.OriginKiB)), "MiB", "≤ 300 MB at 1 M, flat");
        table.Add("B8", "origin, most ever", Mebibytes(run.OriginAfter.PeakResidentKiB), "MiB");
        table.Add("B8", "partner, most ever", Mebibytes(run.PartnerAfter.PeakResidentKiB), "MiB");
    }

    private static double Mebibytes(long kibibytes) => kibibytes / 1024.0;
}
