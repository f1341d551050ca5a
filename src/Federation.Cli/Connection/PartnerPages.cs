using Federation.V1.Node;

namespace Federation.Cli.Connection;

/// <summary>Reads partners page by page.</summary>
internal static class PartnerPages
{
    private const int PageSize = 1000;

    public static async Task<List<Partner>> AllAsync(NodeConnection node, CancellationToken cancellationToken)
    {
        var partners = new List<Partner>();
        var request = new ListPartnersRequest { PageSize = PageSize };
        do
        {
            var page = await node.Operator.ListPartnersAsync(request, node.Unary(cancellationToken));
            partners.AddRange(page.Partners);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return partners;
    }
}
