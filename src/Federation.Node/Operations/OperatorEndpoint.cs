using Federation.Node.Access;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.V1.Node;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Federation.Node.Operations;

/// <summary>Operators to their own node.</summary>
internal sealed class OperatorEndpoint(
    INodeStore store, NodeIdentity identity, PartnerDesk partners, PolicyDesk policies, ClientDesk clients, LedgerExporter exporter,
    RosterSource roster, TimeProvider time)
    : OperatorService.OperatorServiceBase
{
    private readonly Timestamp startedAt = Timestamp.FromDateTimeOffset(time.GetUtcNow());

    public override async Task<GetNodeResponse> GetNode(GetNodeRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        var counts = await store.CountRecordsAsync(context.CancellationToken);
        var snapshot = await store.ReadNodeAsync(context.CancellationToken);
        return new GetNodeResponse
        {
            Institute = identity.Institute.ToString(),
            DisplayName = identity.Card.DisplayName,
            Version = typeof(OperatorEndpoint).Assembly.GetName().Version?.ToString(3) ?? "",
            RootFingerprint = identity.RootFingerprint.ToString(),
            StoreSchema = (uint)snapshot.Schema,
            OwnRecords = (ulong)counts.Where(c => c.Source == 0 && c.Status is RecordStatus.Live or RecordStatus.Draft).Sum(c => c.Count),
            ReceivedRecords = (ulong)counts.Where(c => c.Source != 0 && c.Status == RecordStatus.Live).Sum(c => c.Count),
            QuarantinedRecords = (ulong)counts.Where(c => c.Status == RecordStatus.Quarantined).Sum(c => c.Count),
            StartedAt = startedAt,
        };
    }

    public override Task<GetPartnerCardResponse> GetPartnerCard(GetPartnerCardRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return Task.FromResult(new GetPartnerCardResponse { Card = identity.Card });
    }

    public override Task<AddPartnerResponse> AddPartner(AddPartnerRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return partners.AddAsync(request, context.CancellationToken);
    }

    public override Task<ListPartnersResponse> ListPartners(ListPartnersRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return partners.ListAsync(request, context.CancellationToken);
    }

    public override async Task<ResumePartnerResponse> ResumePartner(ResumePartnerRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        await partners.ResumeAsync(request.Partner, context.CancellationToken);
        return new ResumePartnerResponse();
    }

    public override Task<CheckPolicyResponse> CheckPolicy(CheckPolicyRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return Task.FromResult(PolicyDesk.Check(request));
    }

    public override Task<ApplyPolicyResponse> ApplyPolicy(ApplyPolicyRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return policies.ApplyAsync(partners.Find(request.Partner), request, context.CancellationToken);
    }

    public override Task<ExplainRecordResponse> ExplainRecord(ExplainRecordRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return policies.ExplainAsync(partners.Find(request.Partner), request, context.CancellationToken);
    }

    public override async Task<ListQuarantinedResponse> ListQuarantined(ListQuarantinedRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        var limit = PageSize(request.PageSize, 1000, 100);
        var query = new RecordQuery { AfterChangedN = Number(request.PageToken), Limit = limit, Statuses = [RecordStatus.Quarantined] };
        var page = await store.QueryRecordsAsync(query, context.CancellationToken);
        var response = new ListQuarantinedResponse { NextPageToken = page.Exhausted ? "" : $"{page.ScannedTo}" };
        foreach (var record in page.Records)
        {
            response.Records.Add(new QuarantinedRecord
            {
                Origin = record.Name.Origin.ToString(),
                RecordId = record.Name.Id.ToString(),
                ReceivedFrom = roster.Current.Find(record.Source)?.Institute.ToString() ?? "",
                Reason = record.Reason ?? "",
                ReceivedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(record.ReceivedMs)),
            });
        }

        return response;
    }

    public override async Task<ListEvidenceResponse> ListEvidence(ListEvidenceRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        var limit = PageSize(request.PageSize, 100, 20);
        var partner = request.Partner.Length == 0 ? (int?)null : partners.Find(request.Partner).Number;
        var items = await store.ReadEvidenceAsync(partner, Number(request.PageToken), limit, context.CancellationToken);
        var response = new ListEvidenceResponse { NextPageToken = items.Count < limit ? "" : $"{items[^1].Number}" };
        foreach (var item in items)
        {
            var shown = new EvidenceItem
            {
                Number = (ulong)item.Number,
                Partner = roster.Current.Find(item.Partner)?.Institute.ToString() ?? "",
                Fault = item.Fault,
                Detail = item.Detail,
                At = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(item.AtMs)),
            };
            shown.Objects.AddRange(item.Objects.Select(o => ByteString.CopyFrom(o)));
            response.Items.Add(shown);
        }

        return response;
    }

    public override Task ExportLedger(ExportLedgerRequest request, IServerStreamWriter<ExportLedgerResponse> responseStream, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        var partner = partners.Find(request.Partner);
        Task WriteAsync(V1.Exchange.LedgerExport piece) => responseStream.WriteAsync(new ExportLedgerResponse { Piece = piece }, context.CancellationToken);
        return request.Direction == LedgerDirection.Inbound
            ? exporter.ExportInboundAsync(partner, WriteAsync, context.CancellationToken)
            : exporter.ExportOutboundAsync(partner, WriteAsync, context.CancellationToken);
    }

    public override async Task<AddClientResponse> AddClient(AddClientRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        await clients.AddAsync(request, context.CancellationToken);
        return new AddClientResponse();
    }

    public override Task<ListClientsResponse> ListClients(ListClientsRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return clients.ListAsync(context.CancellationToken);
    }

    public override async Task<RemoveClientResponse> RemoveClient(RemoveClientRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        await clients.RemoveAsync(request.Name, context.CancellationToken);
        return new RemoveClientResponse();
    }

    private static int PageSize(int asked, int most, int standard) => asked >= 0 && asked <= most
        ? (asked == 0 ? standard : asked)
        : throw FederationError.Exception(FederationReason.FieldInvalid, $"page_size: 0 to {most}", ("page_size", $"0 to {most}"));

    private static long Number(string token) => token.Length == 0
        ? 0
        : long.TryParse(token, out var number) && number >= 0
            ? number
            : throw FederationError.Exception(FederationReason.FieldInvalid, "page_token: not a token", ("page_token", "not a token"));
}
