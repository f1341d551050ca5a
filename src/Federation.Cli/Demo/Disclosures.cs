using Federation.Cli.Connection;
using Federation.V1.Node;

namespace Federation.Cli.Demo;

/// <summary>Asks every node what each of its partners may see of each of its own records.</summary>
internal static class Disclosures
{
    public static async Task<List<Disclosure>> ReadAsync(DemoNetwork network, CancellationToken cancellationToken)
    {
        var all = await Task.WhenAll(network.Institutes.Select(from => ReadAsync(network, from, cancellationToken)));
        return [.. all.SelectMany(disclosures => disclosures)];
    }

    /// <summary>One record toward every partner of its institute.</summary>
    public static async Task<List<Disclosure>> ReadAsync(DemoNetwork network, DemoInstitute from, string recordId, CancellationToken cancellationToken)
    {
        var record = (await from.Node.Records.GetRecordAsync(new GetRecordRequest { RecordId = recordId }, from.Node.Unary(cancellationToken))).Record;
        var disclosures = new List<Disclosure>();
        foreach (var to in network.Institutes.Where(to => to != from))
            disclosures.Add(await ExplainAsync(from, to, record, cancellationToken));
        return disclosures;
    }

    private static async Task<List<Disclosure>> ReadAsync(DemoNetwork network, DemoInstitute from, CancellationToken cancellationToken)
    {
        var records = await RecordPages.AllAsync(from.Node, new RecordFilter { Origins = { from.Id } }, cancellationToken);
        var disclosures = new List<Disclosure>();
        foreach (var record in records)
        {
            foreach (var to in network.Institutes.Where(to => to != from))
                disclosures.Add(await ExplainAsync(from, to, record, cancellationToken));
        }
        return disclosures;
    }

    private static async Task<Disclosure> ExplainAsync(DemoInstitute from, DemoInstitute to, RecordView record, CancellationToken cancellationToken)
    {
        var request = new ExplainRecordRequest { RecordId = record.RecordId, Partner = to.Id };
        var explanation = await from.Node.Operator.ExplainRecordAsync(request, from.Node.Unary(cancellationToken));
        return new Disclosure(from, to, record, explanation);
    }
}
