using Federation.Node.Access;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.V1.Node;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Federation.Node.Operations;

/// <summary>Operators to their own node.</summary>
internal sealed class OperatorEndpoint(INodeStore store, NodeIdentity identity, OperatorDesks desks, RosterSource roster, TimeProvider time)
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
        return desks.Partners.AddAsync(request, context.CancellationToken);
    }

    public override Task<ListPartnersResponse> ListPartners(ListPartnersRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return desks.Partners.ListAsync(request, context.CancellationToken);
    }

    public override async Task<ResumePartnerResponse> ResumePartner(ResumePartnerRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        await desks.Partners.ResumeAsync(request.Partner, context.CancellationToken);
        return new ResumePartnerResponse();
    }

    public override Task<CheckPolicyResponse> CheckPolicy(CheckPolicyRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return Task.FromResult(desks.Policies.Check(request));
    }

    public override Task<ApplyPolicyResponse> ApplyPolicy(ApplyPolicyRequest request, ServerCallContext context)
    {
        var caller = Callers.Require(context, ClientRoles.Operator);
        return desks.Policies.ApplyAsync(desks.Partners.Find(request.Partner), request, caller, context.CancellationToken);
    }

    public override Task<PreviewPolicyResponse> PreviewPolicy(PreviewPolicyRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return desks.Previews.PreviewAsync(desks.Partners.Find(request.Partner), request, context.CancellationToken);
    }

    public override Task<ListPoliciesResponse> ListPolicies(ListPoliciesRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return desks.History.ListAsync(desks.Partners.Find(request.Partner), request, context.CancellationToken);
    }

    public override Task<ListDisclosuresResponse> ListDisclosures(ListDisclosuresRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return desks.History.ListAsync(desks.Partners.Find(request.Partner), request, context.CancellationToken);
    }

    public override Task<ReplayDecisionResponse> ReplayDecision(ReplayDecisionRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return desks.History.ReplayAsync(desks.Partners.Find(request.Partner), request, context.CancellationToken);
    }

    public override Task<ViewAsPartnerResponse> ViewAsPartner(ViewAsPartnerRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return desks.Views.ReadAsync(desks.Partners.Find(request.Partner), request, context.CancellationToken);
    }

    public override Task<SetGroupResponse> SetGroup(SetGroupRequest request, ServerCallContext context)
    {
        var caller = Callers.Require(context, ClientRoles.Operator);
        return desks.Groups.SetAsync(request, caller, context.CancellationToken);
    }

    public override Task<PreviewGroupResponse> PreviewGroup(PreviewGroupRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return desks.Previews.PreviewAsync(request, context.CancellationToken);
    }

    public override Task<ListGroupsResponse> ListGroups(ListGroupsRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return Task.FromResult(desks.Groups.List(request));
    }

    public override Task<SetCommunityResponse> SetCommunity(SetCommunityRequest request, ServerCallContext context)
    {
        var caller = Callers.Require(context, ClientRoles.Operator);
        return desks.Communities.SetAsync(request, caller, context.CancellationToken);
    }

    public override Task<ListCommunitiesResponse> ListCommunities(ListCommunitiesRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return desks.Communities.ListAsync(context.CancellationToken);
    }

    public override Task<ListRecordHoldersResponse> ListRecordHolders(ListRecordHoldersRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return desks.Holders.ListAsync(request, context.CancellationToken);
    }

    public override Task<GetClockResponse> GetClock(GetClockRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return Task.FromResult(desks.Clock.Read());
    }

    public override Task<ConfirmClockResponse> ConfirmClock(ConfirmClockRequest request, ServerCallContext context)
    {
        desks.Clock.Confirm(Callers.Require(context, ClientRoles.Operator).Name);
        return Task.FromResult(new ConfirmClockResponse());
    }

    public override Task<GetScrubResponse> GetScrub(GetScrubRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return Task.FromResult(desks.Scrub.Read());
    }

    public override Task<StartScrubResponse> StartScrub(StartScrubRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        desks.Scrub.Start();
        return Task.FromResult(new StartScrubResponse());
    }

    public override Task<ListOverdueResponse> ListOverdue(ListOverdueRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        var only = request.Partner.Length == 0 ? null : desks.Partners.Find(request.Partner);
        return desks.Overdue.ListAsync(request, only, context.CancellationToken);
    }

    public override Task<ExplainRecordResponse> ExplainRecord(ExplainRecordRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return desks.Policies.ExplainAsync(desks.Partners.Find(request.Partner), request, context.CancellationToken);
    }

    public override async Task<ListQuarantinedResponse> ListQuarantined(ListQuarantinedRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        var limit = Pages.Size(request.PageSize, 1000, 100);
        var query = new RecordQuery { AfterChangedN = Pages.Number(request.PageToken), Limit = limit, Statuses = [RecordStatus.Quarantined], WithHiddenCopies = true };
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
        var limit = Pages.Size(request.PageSize, 100, 20);
        var partner = request.Partner.Length == 0 ? (int?)null : desks.Partners.Find(request.Partner).Number;
        var items = await store.ReadEvidenceAsync(partner, Pages.Number(request.PageToken), limit, context.CancellationToken);
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
                SubmittedBy = item.Submitter == 0 ? "" : roster.Current.Find(item.Submitter)?.Institute.ToString() ?? $"partner {item.Submitter}",
            };
            shown.Objects.AddRange(item.Objects.Select(o => ByteString.CopyFrom(o.Content)));
            shown.TypedObjects.AddRange(item.Objects.Select(o => new V1.Exchange.EvidenceObject
            {
                Kind = (V1.Exchange.EvidenceKind)o.Kind,
                Content = ByteString.CopyFrom(o.Content),
            }));
            response.Items.Add(shown);
        }

        return response;
    }

    public override Task<SubmitEvidenceResponse> SubmitEvidence(SubmitEvidenceRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return desks.Submissions.SubmitAsync(desks.Partners.Find(request.Partner), request, context.CancellationToken);
    }

    public override Task ExportLedger(ExportLedgerRequest request, IServerStreamWriter<ExportLedgerResponse> responseStream, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        var partner = desks.Partners.Find(request.Partner);
        Task WriteAsync(V1.Exchange.LedgerExport piece) => responseStream.WriteAsync(new ExportLedgerResponse { Piece = piece }, context.CancellationToken);
        return request.Direction == LedgerDirection.Inbound
            ? desks.Exporter.ExportInboundAsync(partner, WriteAsync, context.CancellationToken)
            : desks.Exporter.ExportOutboundAsync(partner, WriteAsync, context.CancellationToken);
    }

    public override Task<ResetLedgerResponse> ResetLedger(ResetLedgerRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return desks.Resets.ResetAsync(desks.Partners.Find(request.Partner), request, context.CancellationToken);
    }

    public override async Task<AcceptLedgerResetResponse> AcceptLedgerReset(AcceptLedgerResetRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        await desks.Resets.AcceptAsync(desks.Partners.Find(request.Partner), request.Incarnation, context.CancellationToken);
        return new AcceptLedgerResetResponse();
    }

    public override async Task<ExportContactResponse> ExportContact(ExportContactRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return new ExportContactResponse { Contact = await desks.Contacts.ExportAsync(desks.Partners.Find(request.Partner), context.CancellationToken) };
    }

    public override Task ExportStretch(ExportStretchRequest request, IServerStreamWriter<ExportStretchResponse> responseStream, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return desks.Outgoing.ExportAsync(
            desks.Partners.Find(request.Partner),
            request.Contact,
            request.FirstContact,
            request.HasFromSize ? request.FromSize : null,
            piece => responseStream.WriteAsync(new ExportStretchResponse { Piece = piece }, context.CancellationToken),
            context.CancellationToken);
    }

    public override async Task<ImportStretchResponse> ImportStretch(IAsyncStreamReader<ImportStretchRequest> requestStream, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        Partners.Partner? partner = null;
        var (before, after) = await desks.Incoming.ImportAsync(
            origin => partner = desks.Partners.Find(origin),
            requestStream.UntilEndAsync(context.CancellationToken).Select(r => r.Piece ?? new V1.Exchange.LedgerExport()),
            context.CancellationToken);
        return new ImportStretchResponse
        {
            Partner = partner!.Institute.ToString(),
            Before = before,
            After = after,
            Contact = await desks.Contacts.ExportAsync(partner, context.CancellationToken),
        };
    }

    public override async Task<ImportContactResponse> ImportContact(ImportContactRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        var contact = request.Contact ?? new V1.Exchange.LedgerContact();
        var size = await desks.Outgoing.TakeAsync(desks.Partners.Find(contact.Follower), contact, context.CancellationToken);
        return new ImportContactResponse { Size = size };
    }

    public override Task CreateBackup(CreateBackupRequest request, IServerStreamWriter<CreateBackupResponse> responseStream, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return desks.Backups.RunAsync(request, answer => responseStream.WriteAsync(answer, context.CancellationToken), context.CancellationToken);
    }

    public override Task ExportEvidence(ExportEvidenceRequest request, IServerStreamWriter<ExportEvidenceResponse> responseStream, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        var partner = desks.Partners.Find(request.Partner);
        Task WriteAsync(ExportEvidenceResponse piece) => responseStream.WriteAsync(piece, context.CancellationToken);
        var selection = EvidenceSelection.Read(request);
        return request.Direction == LedgerDirection.Inbound
            ? desks.Bundles.ExportInboundAsync(partner, selection, WriteAsync, context.CancellationToken)
            : desks.Bundles.ExportOutboundAsync(partner, selection, WriteAsync, context.CancellationToken);
    }

    public override Task<SignCheckpointResponse> SignCheckpoint(SignCheckpointRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return desks.Bundles.CheckpointAsync(desks.Partners.Find(request.Partner), context.CancellationToken);
    }

    public override Task<ReconcilePartnerResponse> ReconcilePartner(ReconcilePartnerRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return desks.Reconciliation.CompareAsync(desks.Partners.Find(request.Partner), context.CancellationToken);
    }

    public override async Task<AddClientResponse> AddClient(AddClientRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        await desks.Clients.AddAsync(request, context.CancellationToken);
        return new AddClientResponse();
    }

    public override Task<ListClientsResponse> ListClients(ListClientsRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        return desks.Clients.ListAsync(context.CancellationToken);
    }

    public override async Task<RemoveClientResponse> RemoveClient(RemoveClientRequest request, ServerCallContext context)
    {
        Callers.Require(context, ClientRoles.Operator);
        await desks.Clients.RemoveAsync(request.Name, context.CancellationToken);
        return new RemoveClientResponse();
    }
}
