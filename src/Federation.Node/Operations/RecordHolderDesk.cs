using Federation.Node.Exchange;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Grpc.Core;

namespace Federation.Node.Operations;

/// <summary>Asks partners to whom they have passed an own record on. What a partner says is its word: nothing proves that it says all.</summary>
internal sealed class RecordHolderDesk(INodeStore store, RosterSource roster, NodeIdentity identity, PartnerLines lines, TimeProvider time)
{
    private const int MostHolders = 1000;

    /// <summary>What each partner says that the record was disclosed to.</summary>
    public async Task<ListRecordHoldersResponse> ListAsync(ListRecordHoldersRequest request, CancellationToken cancellationToken)
    {
        if (!RecordId.TryParse(request.RecordId, out var id))
            throw NotFound(request);
        var copies = await store.ReadRecordAsync(new RecordName(identity.Institute, id), cancellationToken);
        var own = copies.FirstOrDefault(copy => copy.Source == 0) ?? throw NotFound(request);
        var disclosed = (await store.ReadReconcileAsync(0, [own.Rec], cancellationToken)).Candidates[0].Disclosed.Select(row => row.Partner).ToHashSet();
        // One partner that does not answer keeps no other waiting.
        var asked = roster.Current.Partners.Where(partner => disclosed.Contains(partner.Number)).Select(partner => AskAsync(partner, id, cancellationToken));
        var response = new ListRecordHoldersResponse();
        response.Partners.AddRange(await Task.WhenAll(asked));
        return response;
    }

    private async Task<PartnerHolders> AskAsync(Partners.Partner partner, RecordId id, CancellationToken cancellationToken)
    {
        var said = new PartnerHolders { Partner = partner.Institute.ToString() };
        try
        {
            if (lines.Find(partner) is not { } line)
            {
                said.Failure = "not connected";
                return said;
            }

            var page = await new ExchangeService.ExchangeServiceClient(line).ListOnwardHoldersAsync(
                new ListOnwardHoldersRequest { RecordId = id.ToString(), PageSize = MostHolders },
                deadline: time.GetUtcNow().UtcDateTime + ExchangeLimits.UnaryDeadline,
                cancellationToken: cancellationToken);
            said.More = page.NextPageToken.Length > 0;
            said.Holders.AddRange(page.Holders.Take(MostHolders).Select(Show));
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.NotFound)
        {
            // It holds no copy that came from here.
        }
        catch (RpcException failed) when (!cancellationToken.IsCancellationRequested)
        {
            said.Failure = failed.StatusCode.ToString();
        }

        return said;
    }

    private static RecordHolder Show(V1.Exchange.OnwardHolder holder) => new()
    {
        Institute = holder.Institute,
        Since = holder.Since,
        State = holder.State switch
        {
            HolderState.Sent => RecordHolderState.Sent,
            HolderState.Held => RecordHolderState.Held,
            HolderState.Withdrawn => RecordHolderState.Withdrawn,
            HolderState.Confirmed => RecordHolderState.Confirmed,
            _ => RecordHolderState.Unspecified,
        },
    };

    private static RpcException NotFound(ListRecordHoldersRequest request) =>
        FederationError.Exception(FederationReason.RecordNotFound, $"there is no own record {request.RecordId}");
}
