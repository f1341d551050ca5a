using Federation.Cli.Output;
using Federation.Cli.Publishing;
using Federation.Cli.RecordFiles;
using Federation.V1.Node;

namespace Federation.Cli.Demo;

/// <summary>Every institute publishes its samples at its own node.</summary>
internal static class DemoPublishing
{
    public static async Task RunAsync(DemoNetwork network, DemoScreen screen, CancellationToken cancellationToken)
    {
        screen.Begin("Each publishes its samples at its own node");
        var dealt = DemoSamples.Deal([.. network.Institutes.Select(institute => institute.Id)]);
        await network.ForEachAsync(institute => PublishAsync(institute, dealt[institute.Id], screen, cancellationToken));
        var table = Tables.Create("institute", "records", "parts", "kinds", "highest marking");
        foreach (var institute in network.Institutes)
        {
            var drafts = dealt[institute.Id];
            var kinds = drafts.Select(draft => draft.Kind).Distinct().Count();
            table.With(institute.Id, drafts.Count, drafts.Sum(draft => draft.Parts.Count), kinds, MarkingText.Of(drafts.Max(draft => draft.Envelope.Marking)));
        }
        screen.Show(table);
        screen.Passed($"{dealt.Values.Sum(drafts => drafts.Count)} records are durable at {network.Institutes.Count} nodes.");
    }

    private static async Task PublishAsync(DemoInstitute institute, List<RecordDraft> drafts, DemoScreen screen, CancellationToken cancellationToken)
    {
        var outcomes = new List<PublishOutcome>();
        await new BulkPublisher(institute.Node).PublishAsync(SourcesAsync(drafts), outcome =>
        {
            lock (outcomes)
                outcomes.Add(outcome);
        }, cancellationToken);
        if (outcomes.FirstOrDefault(outcome => outcome.Result is null) is { } refused)
        {
            var faults = string.Join(' ', refused.Faults.Select(FailureText.Line));
            throw screen.Failed($"{institute} refused '{refused.Source.Place}': {refused.Message} ({refused.Reason}) {faults}");
        }
        screen.Require(outcomes.Count == drafts.Count, $"{institute} answered {outcomes.Count} of {drafts.Count} records.");
    }

    private static async IAsyncEnumerable<DraftSource> SourcesAsync(List<RecordDraft> drafts)
    {
        foreach (var draft in drafts)
            yield return new DraftSource(draft.Envelope.Title, 0, draft, []);
        await Task.CompletedTask;
    }
}
