using Federation.Node.Access;
using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Node.Exchange;

/// <summary>Serves partners their ledgers. The caller's pinned key names the partner; nobody can name another's ledger.</summary>
internal sealed class ExchangeEndpoint(
    StreamNeeds needs, NodeIdentity identity, LedgerProofs proofs, LedgerAudits audits, ExchangeDesks desks, Random random, Shutdown shutdown)
    : ExchangeService.ExchangeServiceBase
{
    public override async Task<HelloResponse> Hello(HelloRequest request, ServerCallContext context)
    {
        var partner = Callers.RequirePartner(context, needs.Roster);
        var ledger = await FindAsync(partner, request.LedgerId, firstContact: true, context.CancellationToken);
        if (await RetiredLedgers.AnswerAsync(needs.Store, identity, ledger, request, context.CancellationToken) is { } retired)
            return retired;
        return await desks.Contacts.AnswerAsync(partner, ledger, request, context.CancellationToken);
    }

    public override async Task Follow(FollowRequest request, IServerStreamWriter<FollowResponse> responseStream, ServerCallContext context)
    {
        var partner = Callers.RequirePartner(context, needs.Roster);
        var ledger = await FindConfirmedAsync(partner, request.LedgerId, context.CancellationToken);
        if (request.FromSize > ledger.Size || request.MaxBatchEntries > ExchangeLimits.MaxBatchEntries)
        {
            throw FederationError.Exception(
                FederationReason.FieldInvalid, $"from_size: at most {ledger.Size}; max_batch_entries: at most {ExchangeLimits.MaxBatchEntries}");
        }

        await shutdown.RunAsync(
            token => audits.GuardAsync(ledger, () => StreamAsync(partner, ledger, request, responseStream, token)), context.CancellationToken);
    }

    public override async Task<AcknowledgeResponse> Acknowledge(AcknowledgeRequest request, ServerCallContext context)
    {
        var partner = Callers.RequirePartner(context, needs.Roster);
        var payload = request.Receipt?.Payload ?? ByteString.Empty;
        var named = Receipt.TryDecode(payload.Span, out var receipt, out _) ? ByteString.CopyFrom(receipt.Ledger.ToBytes()) : payload;
        var ledger = await FindConfirmedAsync(partner, named, context.CancellationToken);
        await audits.GuardAsync(ledger, () => desks.Receipts.TakeAsync(partner, ledger, request.Receipt, context.CancellationToken));
        return new AcknowledgeResponse();
    }

    public override async Task<GetProofResponse> GetProof(GetProofRequest request, ServerCallContext context)
    {
        var partner = Callers.RequirePartner(context, needs.Roster);
        var ledger = await FindConfirmedAsync(partner, request.LedgerId, context.CancellationToken);
        var response = new GetProofResponse();
        var hashes = await audits.GuardAsync(ledger, () => ProveAsync(ledger, request, context.CancellationToken));
        response.Hashes.AddRange(hashes.Select(h => ByteString.CopyFrom(h.ToBytes())));
        return response;
    }

    public override async Task<GetTileResponse> GetTile(GetTileRequest request, ServerCallContext context)
    {
        var partner = Callers.RequirePartner(context, needs.Roster);
        if (await FindHeldAsync(partner, request.LedgerId, context.CancellationToken) is { } held)
            return await desks.Trees.ShowHeldTileAsync(held, request, context.CancellationToken);
        var own = await FindConfirmedAsync(partner, request.LedgerId, context.CancellationToken);
        return await audits.GuardAsync(own, () => desks.Trees.ShowOwnTileAsync(own, request, context.CancellationToken));
    }

    public override async Task<GetLiveSumsResponse> GetLiveSums(GetLiveSumsRequest request, ServerCallContext context)
    {
        var partner = Callers.RequirePartner(context, needs.Roster);
        if (await FindHeldAsync(partner, request.LedgerId, context.CancellationToken) is { } held)
            return TreeDesk.ShowSums(held.Size, held.LiveCount, held.Buckets);
        var own = await FindConfirmedAsync(partner, request.LedgerId, context.CancellationToken);
        // Between two publications the sums would tell of entries that are not sent yet.
        return own.Size == own.SignedSize && own.Size == needs.Publication.Current.SizeOf(partner.Number)
            ? TreeDesk.ShowSums(own.Size, own.LiveCount, own.Buckets)
            : throw FederationError.Exception(FederationReason.RateLimited, "more is to be disclosed at this moment");
    }

    public override async Task GetEntries(GetEntriesRequest request, IServerStreamWriter<GetEntriesResponse> responseStream, ServerCallContext context)
    {
        var partner = Callers.RequirePartner(context, needs.Roster);
        var ledger = await FindConfirmedAsync(partner, request.LedgerId, context.CancellationToken);
        await shutdown.RunAsync(
            token => audits.GuardAsync(ledger, () => desks.Entries.StreamAsync(partner, ledger, request, responseStream, token)), context.CancellationToken);
    }

    public override async Task Echo(EchoRequest request, IServerStreamWriter<EchoResponse> responseStream, ServerCallContext context)
    {
        var partner = Callers.RequirePartner(context, needs.Roster);
        await shutdown.RunAsync(token => desks.Echoes.SendAsync(partner, request, responseStream, token), context.CancellationToken);
    }

    public override Task<GetManifestsResponse> GetManifests(GetManifestsRequest request, ServerCallContext context)
    {
        var partner = Callers.RequirePartner(context, needs.Roster);
        var card = request.Institute == identity.Institute.ToString() ? identity.Card : FindFellow(partner, request.Institute)?.Card;
        if (card is null)
            throw FederationError.Exception(FederationReason.RecordNotFound, "there are no such manifests");
        var response = new GetManifestsResponse();
        response.Manifests.AddRange(card.Manifests.Skip((int)Math.Min(ExchangeLimits.MaxManifests, Math.Max(1, request.FromNumber)) - 1));
        return Task.FromResult(response);
    }

    public override async Task<SubmitEvidenceResponse> SubmitEvidence(SubmitEvidenceRequest request, ServerCallContext context)
    {
        await desks.Evidence.TakeAsync(Callers.RequirePartner(context, needs.Roster), request, context.CancellationToken);
        return new SubmitEvidenceResponse();
    }

    public override Task<ListOnwardHoldersResponse> ListOnwardHolders(ListOnwardHoldersRequest request, ServerCallContext context) =>
        desks.Holders.ListAsync(Callers.RequirePartner(context, needs.Roster), request, context.CancellationToken);

    // Who stands on a list that the caller has too, and under the same root.
    private Partner? FindFellow(Partner caller, string institute) =>
        InstituteId.TryParse(institute, out var id) && needs.Roster.Current.Find(id) is { } fellow
        && caller.CommonLists.Any(list => list.Has(fellow.Institute, fellow.RootFingerprint))
            ? fellow
            : null;

    private async Task StreamAsync(
        Partner partner, LedgerHead ledger, FollowRequest request, IServerStreamWriter<FollowResponse> writer, CancellationToken cancellationToken)
    {
        var session = needs.Sessions.Of(partner.Number);
        // Not disposed: a newer stream may cancel it at any moment, and it ends with the call whose token it is linked to.
        var current = session.BeginStream(cancellationToken);
        try
        {
            await needs.Store.ConfirmContactAsync(partner.Number, ledger.Term, following: true, current.Token);
            var range = await proofs.RangeAtAsync(ledger, request.FromSize, current.Token);
            var maxEntries = request.MaxBatchEntries == 0 ? ExchangeLimits.MaxBatchEntries : (int)request.MaxBatchEntries;
            var age = ExchangeLimits.StreamAge * (0.9 + 0.2 * random.NextDouble());
            await new LedgerStream(partner.Number, needs, range, maxEntries, writer).RunAsync(age, current.Token);
        }
        finally
        {
            if (session.EndStream(current) && !shutdown.Token.IsCancellationRequested)
                await needs.Store.ConfirmContactAsync(partner.Number, ledger.Term, following: false, CancellationToken.None);
        }
    }

    private async Task<List<Digest>> ProveAsync(LedgerHead ledger, GetProofRequest request, CancellationToken cancellationToken)
    {
        switch (request.ProofCase)
        {
            case GetProofRequest.ProofOneofCase.Inclusion when request.Inclusion.Size <= ledger.SignedSize && request.Inclusion.Seq < request.Inclusion.Size:
                return await proofs.InclusionAsync(ledger, request.Inclusion.Seq, request.Inclusion.Size, cancellationToken);
            case GetProofRequest.ProofOneofCase.Consistency
                when request.Consistency.NewSize <= ledger.SignedSize && request.Consistency.OldSize <= request.Consistency.NewSize:
                return await proofs.ConsistencyAsync(ledger, request.Consistency.OldSize, request.Consistency.NewSize, cancellationToken);
            default:
                throw FederationError.Exception(
                    FederationReason.FieldInvalid, $"proof: sizes up to {ledger.SignedSize}", ("proof", "sizes within the signed size"));
        }
    }

    private async Task<LedgerHead> FindConfirmedAsync(Partner partner, ByteString ledgerId, CancellationToken cancellationToken)
    {
        var ledger = await FindAsync(partner, ledgerId, firstContact: false, cancellationToken);
        if (ledger.Forked)
            throw FederationError.Exception(FederationReason.LedgerForked, "the ledger is forked; an operator has to act");
        return ledger.Confirmed ? ledger : throw FederationError.Exception(FederationReason.HelloRequired, "a Hello comes first");
    }

    // The caller's own ledger as this node holds it; null if it follows none of that id.
    private async Task<FollowRow?> FindHeldAsync(Partner partner, ByteString ledgerId, CancellationToken cancellationToken)
    {
        if (!partner.Follow || ledgerId.Length != LedgerId.SizeBytes)
            return null;
        var id = LedgerId.Read(ledgerId.Span);
        var followers = (await needs.Store.ReadNodeAsync(cancellationToken)).Followers;
        return followers.FirstOrDefault(f => f.Partner == partner.Number && f.Incarnation != 0 && f.Ledger == id);
    }

    // No ledger, and another's ledger, are one answer.
    private async Task<LedgerHead> FindAsync(Partner partner, ByteString ledgerId, bool firstContact, CancellationToken cancellationToken)
    {
        if (partner.Share)
        {
            var head = await needs.Store.ReadHeadAsync(partner.Number, cancellationToken);
            if (head is not null && ((firstContact && ledgerId.IsEmpty) || ledgerId.Span.SequenceEqual(head.Ledger.ToBytes())))
                return head;
        }

        throw FederationError.Exception(FederationReason.LedgerNotFound, "there is no such ledger");
    }
}
