using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf.WellKnownTypes;

namespace Federation.Node.Exchange;

/// <summary>Tells an origin to whom its records were passed on, and nobody else, and nothing else.</summary>
internal sealed class HolderDesk(INodeStore store)
{
    private const int MaxPageSize = 1000;
    private const int DefaultPageSize = 100;

    /// <summary>A page of holders of records that the caller issued and sent here itself.</summary>
    public async Task<ListOnwardHoldersResponse> ListAsync(Partner origin, ListOnwardHoldersRequest request, CancellationToken cancellationToken)
    {
        if (request.PageSize is < 0 or > MaxPageSize)
            throw FederationError.Exception(FederationReason.FieldInvalid, $"page_size: 0 to {MaxPageSize}", ("page_size", $"0 to {MaxPageSize}"));
        var limit = request.PageSize == 0 ? DefaultPageSize : request.PageSize;
        RecordId? record = request.RecordId.Length == 0 ? null : RecordId.TryParse(request.RecordId, out var id) ? id : throw NotFound(request);
        var query = new HolderQuery(origin.Institute, origin.Number, record, ReadToken(request.PageToken), limit + 1);
        var holders = await store.ReadHoldersAsync(query, cancellationToken) ?? throw NotFound(request);
        var response = new ListOnwardHoldersResponse();
        response.Holders.AddRange(holders.Take(limit).Select(Show));
        if (holders.Count > limit)
            response.NextPageToken = $"{holders[limit - 1].Record}.{holders[limit - 1].Institute}";
        return response;
    }

    private static V1.Exchange.OnwardHolder Show(Storage.OnwardHolder holder) => new()
    {
        RecordId = holder.Record.ToString(),
        Institute = holder.Institute.ToString(),
        Since = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(holder.SinceMs)),
        State = holder switch
        {
            { Operation: (byte)LedgerOperation.Disclose, Receipted: false } => HolderState.Sent,
            { Operation: (byte)LedgerOperation.Disclose } => HolderState.Held,
            { Receipted: false } => HolderState.Withdrawn,
            _ => HolderState.Confirmed,
        },
    };

    // The token is a position and is looked up nowhere: whether an institute is a partner here does not show.
    private static (RecordId Record, InstituteId Holder)? ReadToken(string token)
    {
        if (token.Length == 0)
            return null;
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && RecordId.TryParse(token[..dot], out var record) && InstituteId.TryParse(token[(dot + 1)..], out var institute)
            ? (record, institute)
            : throw FederationError.Exception(FederationReason.FieldInvalid, "page_token: not a token", ("page_token", "not a token"));
    }

    private static Grpc.Core.RpcException NotFound(ListOnwardHoldersRequest request) =>
        FederationError.Exception(FederationReason.RecordNotFound, $"there is no record {request.RecordId}");
}
