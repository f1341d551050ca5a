using Federation.Benchmarks.Load;
using Federation.Benchmarks.Report;
using Federation.V1.Exchange;

namespace Federation.Benchmarks.Stages;

/// <summary>Takes the life of a record apart and measures each stage by itself, in this process and without a network.</summary>
internal sealed class StageCosts(BenchmarkOptions options, FigureTable table)
{
    private const int UsualRecords = 20_000;
    private const int WarmRecords = 3_000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Once unseen, so that what is measured is compiled code.
        await RunOnceAsync(WarmRecords, new FigureTable(), cancellationToken);
        var records = options.RecordsOr(UsualRecords);
        table.Add("micro", "records", records, "of 2 KiB");
        await RunOnceAsync(records, table, cancellationToken);
    }

    private static async Task RunOnceAsync(int records, FigureTable figures, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("federation-stages-");
        try
        {
            await using var origin = StageNode.Open(directory.FullName, "origin");
            await using var partner = StageNode.Open(directory.FullName, "partner");
            await origin.AddPartnerAsync(partner, share: true, BenchPolicy.Text, cancellationToken);
            await partner.AddPartnerAsync(origin, share: false, null, cancellationToken);
            await Primitives.RunAsync(origin, new StageClock(figures, Primitives.Operations));
            var clock = new StageClock(figures, records);
            await new PublishStages(origin, clock).RunAsync(records, cancellationToken);
            await new DiscloseStages(origin, clock).RunAsync(cancellationToken);
            var responses = new List<FollowResponse>();
            await new ServeStages(origin, clock).RunAsync(responses, cancellationToken);
            await new ReceiveStages(partner, clock).RunAsync((await origin.Store.ReadHeadAsync(origin.Partner.Number, cancellationToken))!, responses, cancellationToken);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
