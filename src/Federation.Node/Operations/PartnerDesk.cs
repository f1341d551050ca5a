using Federation.Node.Exchange;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Federation.Node.Operations;

/// <summary>Adds partners and shows their states and positions by name.</summary>
internal sealed class PartnerDesk(
    INodeStore store, RosterSource roster, NodeIdentity identity, LedgerSessions sessions, FollowerStatuses statuses, HeardHeads heads,
    SignatureScheme scheme, EntropySource entropy)
{
    private const int MaxPageSize = 1000;

    // Removals beyond this are not counted one by one.
    private const int MaxCounted = 10_000;

    /// <summary>Pins a partner and sets its switches.</summary>
    public async Task<AddPartnerResponse> AddAsync(AddPartnerRequest request, CancellationToken cancellationToken)
    {
        if (!PartnerCards.TryVerify(request.Card ?? new V1.Exchange.PartnerCard(), scheme, out var card, out var error))
            throw FederationError.Exception(FederationReason.SignatureInvalid, $"card: {error}", ("card", error));
        if (card.Institute == identity.Institute)
            throw FederationError.Exception(FederationReason.FieldInvalid, "card: it is this node's own", ("card", "it is this node's own"));
        Span<byte> ledger = stackalloc byte[LedgerId.SizeBytes];
        entropy(ledger);
        var write = new PartnerWrite
        {
            Institute = card.Institute,
            Card = request.Card!.ToByteArray(),
            RootFingerprint = card.RootFingerprint,
            Share = request.Share,
            Follow = request.Follow,
            NewLedger = LedgerId.Read(ledger),
        };
        if (await store.SavePartnerAsync(write, cancellationToken) is null)
            throw FederationError.Exception(FederationReason.AlreadyExists, $"partner {card.Institute} is pinned to another root");
        await roster.ReloadAsync(cancellationToken);
        return new AddPartnerResponse { RootFingerprint = card.RootFingerprint.ToString() };
    }

    /// <summary>A page of partners.</summary>
    public async Task<ListPartnersResponse> ListAsync(ListPartnersRequest request, CancellationToken cancellationToken)
    {
        if (request.PageSize is < 0 or > MaxPageSize)
            throw FederationError.Exception(FederationReason.FieldInvalid, "page_size: 0 to 1000", ("page_size", "0 to 1000"));
        var size = request.PageSize == 0 ? 100 : request.PageSize;
        var snapshot = await store.ReadNodeAsync(cancellationToken);
        var counts = await store.CountRecordsAsync(cancellationToken);
        var rest = snapshot.Partners.OrderBy(p => p.Institute.ToString(), StringComparer.Ordinal)
            .SkipWhile(p => string.CompareOrdinal(p.Institute.ToString(), request.PageToken) <= 0).ToList();
        var response = new ListPartnersResponse { NextPageToken = rest.Count > size ? rest[size - 1].Institute.ToString() : "" };
        foreach (var stored in rest.Take(size))
        {
            var partner = Show(stored, snapshot, counts);
            if (partner.Outbound is { } outbound)
                outbound.RemovalsUnconfirmed = (ulong)(await store.ReadRemovalsAsync(stored.Number, 0, long.MaxValue, MaxCounted, cancellationToken)).Count;
            response.Partners.Add(partner);
        }

        return response;
    }

    /// <summary>Lets a halted follower go on, and a ledger that was stopped as damaged.</summary>
    public async Task ResumeAsync(string institute, CancellationToken cancellationToken)
    {
        await store.SaveFollowAsync(new FollowWrite(Find(institute).Number) { Resume = true }, cancellationToken);
        await roster.ReloadAsync(cancellationToken);
    }

    /// <summary>The partner of an id, or PARTNER_NOT_FOUND.</summary>
    public Partners.Partner Find(string institute) =>
        InstituteId.TryParse(institute, out var id) && roster.Current.Find(id) is { } partner
            ? partner
            : throw FederationError.Exception(FederationReason.PartnerNotFound, $"there is no partner '{institute}'");

    private V1.Node.Partner Show(StoredPartner stored, NodeSnapshot snapshot, IReadOnlyList<RecordCount> counts)
    {
        var card = V1.Exchange.PartnerCard.Parser.ParseFrom(stored.Card);
        var ledger = snapshot.Ledgers.FirstOrDefault(l => l.Partner == stored.Number);
        var follower = snapshot.Followers.FirstOrDefault(f => f.Partner == stored.Number);
        var partner = new V1.Node.Partner
        {
            Institute = stored.Institute.ToString(),
            DisplayName = card.DisplayName,
            RootFingerprint = stored.RootFingerprint.ToString(),
            Share = stored.Share,
            Follow = stored.Follow,
            PolicyEpoch = (ulong)stored.PolicyEpoch,
            Outbound = stored.Share && ledger is not null ? ShowOutbound(ledger, snapshot) : null,
            Inbound = stored.Follow && follower is not null ? ShowInbound(follower, counts) : null,
        };
        partner.Addresses.AddRange(card.Addresses);
        return partner;
    }

    private OutboundLedger ShowOutbound(LedgerHead ledger, NodeSnapshot snapshot)
    {
        var session = sessions.Of(ledger.Partner);
        return new OutboundLedger
        {
            State = ledger.Damaged ? OutboundState.Damaged : ledger.Forked ? OutboundState.Forked : ledger.Confirmed ? OutboundState.Active : OutboundState.Unconfirmed,
            LedgerId = ByteString.CopyFrom(ledger.Ledger.ToBytes()),
            Appended = ledger.Size,
            Signed = ledger.SignedSize,
            Delivered = session.Delivered,
            Receipted = ledger.ReceiptSize,
            ReceiptAt = ledger.ReceiptMs == 0 ? null : TimeOf(ledger.ReceiptMs),
            LiveRecords = ledger.LiveCount,
            Sweeping = snapshot.Sweeps.Any(s => s.Partner == ledger.Partner),
            Connected = session.Connected,
            OldestUnreceiptedAt = ledger.OldestUnreceiptedMs is { } oldest ? Times.Of(oldest) : null,
            LiveSetDiffers = session.LiveSetDiffers,
        };
    }

    private InboundLedger ShowInbound(FollowRow follower, IReadOnlyList<RecordCount> counts)
    {
        var status = statuses.Of(follower.Partner);
        return new InboundLedger
        {
            State = follower.State == FollowState.Halted ? InboundState.Halted : StateOf(status.State),
            LedgerId = follower.Incarnation == 0 ? ByteString.Empty : ByteString.CopyFrom(follower.Ledger.ToBytes()),
            Applied = follower.Size,
            Receipted = follower.ReceiptSize,
            HeadAt = Head.TryDecode(follower.Head, out var head, out _) ? TimeOf(head.TimeMs) : null,
            LiveRecords = (ulong)counts.Where(c => c.Source == follower.Partner && c.Status == RecordStatus.Live).Sum(c => c.Count),
            QuarantinedRecords = (ulong)counts.Where(c => c.Source == follower.Partner && c.Status == RecordStatus.Quarantined).Sum(c => c.Count),
            LastFault = follower.Fault.Length > 0 ? follower.Fault : status.Fault,
            HeardAt = heads.Of(follower.Partner) is { HeardMs: > 0 } last ? TimeOf(last.HeardMs) : null,
            HeadsOverdue = follower.State != FollowState.Halted && heads.OverdueFor(follower.Partner) is not null,
        };
    }

    private static InboundState StateOf(FollowerState state) => state switch
    {
        FollowerState.Syncing => InboundState.Syncing,
        FollowerState.Tailing => InboundState.Tailing,
        FollowerState.Disconnected => InboundState.Disconnected,
        FollowerState.Halted => InboundState.Halted,
        FollowerState.Incompatible => InboundState.Incompatible,
        FollowerState.OverQuota => InboundState.OverQuota,
        _ => InboundState.New,
    };

    private static Timestamp TimeOf(long ms) => Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(ms));
}
