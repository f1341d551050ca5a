using Federation.Benchmarks.Load;
using Federation.Benchmarks.Report;
using Federation.Benchmarks.Stages;
using Federation.Node.Access;
using Federation.Node.Records;

namespace Federation.Benchmarks.Bars;

/// <summary>B6: a change of policy over many records for one partner, in one process: the guard, the scan, the preview, the difference.</summary>
internal sealed class PolicyChange(BenchmarkOptions options, FigureTable table)
{
    private const int UsualRecords = 100_000;
    private const int WarmRecords = 3_000;
    private const int UnderWay = 1000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Once unseen, so that what is measured is compiled code.
        await RunOnceAsync(WarmRecords, new FigureTable(), cancellationToken);
        await RunOnceAsync(options.RecordsOr(UsualRecords), table, cancellationToken);
        table.Add("B6", "PostgreSQL", "n/a: what was copied before a row filter changes stays");
    }

    /// <summary>Publishes records. Making a draft costs as much as publishing it: it is done here, between the writes.</summary>
    public static async Task LoadAsync(StageNode origin, int records, CancellationToken cancellationToken)
    {
        var source = new SpreadRecords();
        var publisher = new RecordPublisher(origin.Store, origin.Identity.Institute, TimeProvider.System, StageNode.Entropy);
        var caller = new ClientCaller("bench", ClientRoles.Publisher);
        var tasks = new Queue<Task>();
        for (var i = 0; i < records; i++)
        {
            if (tasks.Count >= UnderWay)
                await tasks.Dequeue();
            tasks.Enqueue(publisher.PublishAsync(source.Next(), "", caller, cancellationToken));
        }

        await Task.WhenAll(tasks);
    }

    private static async Task RunOnceAsync(int records, FigureTable figures, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("federation-policy-");
        try
        {
            await using var origin = StageNode.Open(directory.FullName, "origin");
            await using var partner = StageNode.Open(directory.FullName, "partner");
            figures.Add("B6", "records", records, "of 2 KiB, half of them shared");
            var loading = await Measured.RunAsync(() => LoadAsync(origin, records, cancellationToken));
            figures.Add("B6", $"loaded by one caller, {UnderWay} writes under way", records / loading.Elapsed.TotalSeconds, "records/s");
            var node = new SweptNode(origin);
            // The records were there, and dealt with, before there was a partner.
            await node.SettleAsync(cancellationToken);
            await origin.AddPartnerAsync(partner, share: true, SpreadPolicy.Wide, cancellationToken);
            var sweep = new SweepStages(origin, node, figures);
            await sweep.RunFirstAsync(cancellationToken);
            figures.Add("B6", "database, half of the records disclosed", await node.MeasureDatabaseAsync(cancellationToken) / (1024.0 * 1024), "MiB");
            await new SelectionTimes(origin.Store, node, figures).RunAsync(cancellationToken);
            await sweep.RunAsync(cancellationToken);
            await new GuardTimes(node, figures).RunAsync(cancellationToken);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
