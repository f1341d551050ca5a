using System.Runtime.CompilerServices;
using Federation.V1.Node;

namespace Federation.Cli.Connection;

/// <summary>Reads a partner's policies page by page, newest first.</summary>
internal static class PolicyPages
{
    // Each comes with its text of up to 64 KiB.
    private const int PageSize = 20;

    public static async IAsyncEnumerable<PolicyVersion> ReadAsync(
        NodeConnection node, string partner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListPoliciesRequest { Partner = partner, PageSize = PageSize };
        do
        {
            var page = await node.Operator.ListPoliciesAsync(request, node.Unary(cancellationToken));
            foreach (var policy in page.Policies)
                yield return policy;
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }
}
