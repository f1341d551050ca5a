using Federation.Benchmarks.Load;
using Federation.Benchmarks.Report;
using Federation.Node.Ledger;
using Federation.Node.Sharing;
using Federation.Node.Storage;

namespace Federation.Benchmarks.Stages;

/// <summary>B6, scan: finding the records at which a change of policy has to look, as a sweep and as a preview ask, and whole previews.</summary>
internal sealed class SelectionTimes(INodeStore store, SweptNode node, FigureTable table)
{
    // As the sweep and the preview ask.
    private const int PageSize = 500_000;
    private const int Times = 3;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await SelectAsync("one kind and topic", await DeltaAsync(SpreadPolicy.WithoutSlice, cancellationToken), cancellationToken);
        await SelectAsync("a marking", await DeltaAsync(SpreadPolicy.Lower, cancellationToken), cancellationToken);
        await SelectAsync("everything", RecordSelection.Everything, cancellationToken);
        var counting = await Measured.RunAsync(() => store.CountRecordsAsync(cancellationToken));
        table.Add("B6", "count of own records, part of every preview", $"{Milliseconds(counting)} ms");
        await PreviewAsync("one kind and topic", SpreadPolicy.WithoutSlice, cancellationToken);
        await PreviewAsync("a marking", SpreadPolicy.Lower, cancellationToken);
        await PreviewAsync("a ceiling below everything", SpreadPolicy.Lowest, cancellationToken);
    }

    private Task<RecordSelection> DeltaAsync(string policy, CancellationToken cancellationToken)
    {
        if (!PolicyCompiler.TryCompile(policy, "policy.yaml", null, out var document, out var faults))
            throw new InvalidOperationException(faults[0].ToString());
        var partner = node.Partner;
        return new SweepScope(store).OfChangeAsync(partner, null, partner.Recipient, document!.For(partner.Recipient), cancellationToken);
    }

    private async Task SelectAsync(string what, RecordSelection selection, CancellationToken cancellationToken)
    {
        var request = new SelectionRequest { Selection = selection, Limit = PageSize };
        var partner = node.Partner.Number;
        await MeasureAsync($"scan, {what}: what the partner holds", request with { Partner = partner, Held = true }, "≤ 1 s", cancellationToken);
        await MeasureAsync($"scan, {what}: what it may come to hold", request with { Partner = partner, Held = false }, "≤ 1 s", cancellationToken);
        await MeasureAsync($"scan, {what}: both, with referrers", request with { WithReferrers = true }, "", cancellationToken);
    }

    private async Task MeasureAsync(string what, SelectionRequest request, string bar, CancellationToken cancellationToken)
    {
        var found = 0L;
        var runs = new List<Measured>();
        for (var i = 0; i < Times; i++)
            runs.Add(await Measured.RunAsync(async () => found = await ReadAsync(request, cancellationToken)));
        var median = runs.OrderBy(run => run.Elapsed).ElementAt(Times / 2);
        // What finds nothing has cost something all the same.
        var each = found == 0
            ? $"{FigureTable.Text(median.Cpu.TotalMicroseconds)} µs CPU"
            : $"{FigureTable.Text(median.MicrosecondsEach(found))} µs CPU a record";
        table.Add("B6", what, $"{Milliseconds(median)} ms, {found} records, {each}", bar);
    }

    // All pages, and how many records they name.
    private async Task<long> ReadAsync(SelectionRequest request, CancellationToken cancellationToken)
    {
        var found = 0L;
        IReadOnlyList<SelectedRecord> page;
        do
        {
            page = await store.SelectRecordsAsync(request, cancellationToken);
            found += page.Count;
            request = request with { After = page.Count == 0 ? request.After : page[^1].Id };
        }
        while (page.Count == request.Limit);
        return found;
    }

    private async Task PreviewAsync(string what, string policy, CancellationToken cancellationToken)
    {
        var counted = 0L;
        var time = await Measured.RunAsync(async () =>
        {
            var counts = (await node.PreviewAsync(policy, cancellationToken)).Counts;
            counted = (long)(counts.Sent + counts.Revised + counts.Withdrawn);
        });
        table.Add("B6", $"preview, {what}", $"{Milliseconds(time)} ms, {counted} changes, {FigureTable.Text(time.MicrosecondsEach(counted))} µs CPU a change");
    }

    private static string Milliseconds(Measured time) => FigureTable.Text(time.Elapsed.TotalMilliseconds);
}
