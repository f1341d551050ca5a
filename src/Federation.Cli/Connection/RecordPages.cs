using System.Runtime.CompilerServices;
using Federation.V1.Node;

namespace Federation.Cli.Connection;

/// <summary>Reads records page by page.</summary>
internal static class RecordPages
{
    private const int MaxPageSize = 1000;

    /// <summary>The pages, at least one, up to a number of records; 0 means all.</summary>
    public static async IAsyncEnumerable<ListRecordsResponse> ReadAsync(
        NodeConnection node, RecordFilter filter, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListRecordsRequest { Filter = filter };
        var count = 0;
        do
        {
            request.PageSize = limit == 0 ? MaxPageSize : Math.Min(limit - count, MaxPageSize);
            var page = await node.Records.ListRecordsAsync(request, node.Unary(cancellationToken));
            count += page.Records.Count;
            request.PageToken = page.NextPageToken;
            yield return page;
        }
        while (request.PageToken.Length > 0 && (limit == 0 || count < limit));
    }

    /// <summary>All records that the filter selects.</summary>
    public static async Task<List<RecordView>> AllAsync(NodeConnection node, RecordFilter filter, CancellationToken cancellationToken)
    {
        var records = new List<RecordView>();
        await foreach (var page in ReadAsync(node, filter, 0, cancellationToken))
            records.AddRange(page.Records);
        return records;
    }
}
