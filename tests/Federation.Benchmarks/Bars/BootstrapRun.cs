using System.Diagnostics;
using Federation.Benchmarks.Load;
using Federation.Benchmarks.Nodes;

namespace Federation.Benchmarks.Bars;

/// <summary>One bootstrap: an origin holds live records, a new partner is added and receives them all. B1 and B8 both look at it.</summary>
internal sealed class BootstrapRun
{
    private const int PublishAtOnce = 10_000;
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(100);

    private readonly List<MemorySample> samples = [];

    public required int Records { get; init; }

    public TimeSpan Publishing { get; private set; }

    public TimeSpan Elapsed { get; private set; }

    public double PublishMicroseconds { get; private set; }

    public double OriginMicroseconds { get; private set; }

    public double PartnerMicroseconds { get; private set; }

    public ProcessUsage OriginBefore { get; private set; }

    public ProcessUsage OriginAfter { get; private set; }

    public ProcessUsage PartnerAfter { get; private set; }

    public string PartnerState { get; private set; } = "";

    /// <summary>The memory of both nodes over the bootstrap.</summary>
    public IReadOnlyList<MemorySample> Samples => samples;

    public static async Task<BootstrapRun> RunAsync(int records, CancellationToken cancellationToken)
    {
        var run = new BootstrapRun { Records = records };
        await using var network = await BenchNetwork.StartAsync(1, cancellationToken);
        await run.PublishAsync(network.Origin, cancellationToken);
        await run.ReceiveAsync(network.Origin, network.Partner, cancellationToken);
        var partners = await network.Partner.Operator.ListPartnersAsync(new(), cancellationToken: cancellationToken);
        run.PartnerState = $"{partners.Partners[0].Inbound.State}, {partners.Partners[0].Inbound.LiveRecords} live, {partners.Partners[0].Inbound.QuarantinedRecords} in quarantine";
        return run;
    }

    private async Task PublishAsync(BenchNode origin, CancellationToken cancellationToken)
    {
        var source = new BenchRecords(seed: 1, passPercent: 100);
        var before = origin.Usage;
        for (var done = 0; done < Records; done += PublishAtOnce)
        {
            var requests = BulkLoad.Make(source, Math.Min(PublishAtOnce, Records - done));
            var watch = Stopwatch.StartNew();
            await BulkLoad.PublishAsync(origin.Records, requests, cancellationToken);
            Publishing += watch.Elapsed;
        }

        PublishMicroseconds = origin.Usage.MicrosecondsSince(before, Records);
    }

    private async Task ReceiveAsync(BenchNode origin, BenchNode partner, CancellationToken cancellationToken)
    {
        OriginBefore = origin.Usage;
        var partnerBefore = partner.Usage;
        var watch = Stopwatch.StartNew();
        await origin.ShareWithAsync(partner, BenchPolicy.Text, cancellationToken);
        await Polling.UntilAsync(() => partner.Gauge.Applied >= Records, cancellationToken, () => Sample(watch.Elapsed, origin, partner));
        Elapsed = watch.Elapsed;
        OriginAfter = origin.Usage;
        PartnerAfter = partner.Usage;
        OriginMicroseconds = OriginAfter.MicrosecondsSince(OriginBefore, Records);
        PartnerMicroseconds = PartnerAfter.MicrosecondsSince(partnerBefore, Records);
        samples.Add(new MemorySample(Elapsed, Records, OriginAfter.ResidentKiB, PartnerAfter.ResidentKiB));
        // The last heads and receipts come after the last record.
        await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
    }

    private void Sample(TimeSpan at, BenchNode origin, BenchNode partner)
    {
        if (samples.Count == 0 || at - samples[^1].At >= SampleEvery)
            samples.Add(new MemorySample(at, partner.Gauge.Applied, origin.Usage.ResidentKiB, partner.Usage.ResidentKiB));
    }
}
