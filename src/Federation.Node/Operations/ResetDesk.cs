using Federation.Node.Exchange;
using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Google.Protobuf;

namespace Federation.Node.Operations;

/// <summary>
/// Begins own ledgers anew, under a reset that the institute's root signed elsewhere, and accepts those of partners. Neither is ever done by
/// the node itself.
/// </summary>
internal sealed class ResetDesk(
    INodeStore store, RosterSource roster, NodeIdentity identity, LedgerProofs proofs, LedgerStandings standings, LedgerSessions sessions, TimeProvider time, ILogger<ResetDesk> logger)
{
    /// <summary>Without a signature: what the root has to sign. With one: puts the reset in force.</summary>
    public async Task<ResetLedgerResponse> ResetAsync(Partners.Partner partner, ResetLedgerRequest request, CancellationToken cancellationToken)
    {
        var head = await store.ReadHeadAsync(partner.Number, cancellationToken)
            ?? throw FederationError.Exception(FederationReason.LedgerNotFound, "there is no ledger for this partner");
        // Whoever waits for it is told nothing older than before; whoever begins anew may be.
        if (head.RecoverTo > 0 && !request.WithoutEnd)
        {
            throw FederationError.Exception(
                FederationReason.LedgerNotReady,
                $"the ledger is RECOVERING: {partner.Institute} was told what this node has lost, and would be told what is older; wait until its end is back, "
                    + "or set without_end");
        }

        return request.Reset is null
            ? new ResetLedgerResponse { Payload = ByteString.CopyFrom((await DraftAsync(head, request, cancellationToken)).Encode()) }
            : await BeginAsync(partner, head, request.Reset, cancellationToken);
    }

    /// <summary>Lets the follower of a partner go on with the incarnation that the partner's root has declared.</summary>
    public async Task AcceptAsync(Partners.Partner partner, uint incarnation, CancellationToken cancellationToken)
    {
        var node = await store.ReadNodeAsync(cancellationToken);
        var row = node.Followers.FirstOrDefault(f => f.Partner == partner.Number);
        var pending = node.Resets.LastOrDefault(r => !r.Outbound && r.Partner == partner.Number && r.AcceptedMs == 0);
        if (row is null || pending is null || pending.Incarnation != incarnation
            || !ResetNotice.TryVerify(partner, row.Ledger, pending.Payload, pending.Signature, out _, out _)
            || !await store.AcceptResetAsync(partner.Number, incarnation, time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken))
        {
            throw FederationError.Exception(
                FederationReason.FieldInvalid, $"incarnation: no reset to {incarnation} waits for being accepted", ("incarnation", "no such reset waits"));
        }

        ExchangeLog.ResetAccepted(logger, partner.Institute, row.Size, incarnation);
        await roster.ReloadAsync(cancellationToken);
    }

    /// <summary>Every reset of one of the two ledgers with a partner, oldest first.</summary>
    public static IEnumerable<LedgerResetNote> Show(NodeSnapshot snapshot, int partner, bool outbound)
    {
        foreach (var stored in snapshot.Resets.Where(r => r.Partner == partner && r.Outbound == outbound))
        {
            if (!LedgerReset.TryDecode(stored.Payload, out var reset, out _))
                continue;
            yield return new LedgerResetNote
            {
                OldIncarnation = reset.OldIncarnation,
                OldSize = reset.OldSize,
                OldRoot = ByteString.CopyFrom(reset.OldRoot.ToBytes()),
                NewIncarnation = reset.NewIncarnation,
                ReasonCode = (ResetReason)((int)reset.Reason + 1),
                Reason = reset.Text,
                SignedAt = Times.Of(reset.TimeMs),
                AcceptedAt = Times.OfOptional(stored.AcceptedMs),
                HeldSize = stored.HeldSize,
            };
        }
    }

    private async Task<LedgerReset> DraftAsync(LedgerHead head, ResetLedgerRequest request, CancellationToken cancellationToken)
    {
        var known = ReadLastHead(request.LastHead);
        var (size, root) = known is null ? await SignedAsync(head, cancellationToken) : (known.Size, known.Root);
        var reset = new LedgerReset(
            identity.Institute,
            known?.Ledger ?? head.Ledger,
            known?.Incarnation ?? head.Incarnation,
            size,
            root,
            Math.Max(Math.Max(known?.Incarnation ?? 0, head.Incarnation), standings.LatestIncarnationOf(head)) + 1,
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            ReasonOf(request.ReasonCode),
            request.Reason);
        if (reset.Refusal() is { } refusal)
            throw FederationError.Exception(FederationReason.FieldInvalid, $"reason: {refusal}", ("reason", refusal));
        Check(head, reset);
        return reset;
    }

    // A damaged tree, or one with holes, may not give the root of what was signed; then neither size nor root is named.
    private async Task<(ulong Size, Digest Root)> SignedAsync(LedgerHead head, CancellationToken cancellationToken)
    {
        if (head.SignedSize == 0)
            return (0, Digest.Zero);
        try
        {
            return (head.SignedSize, (await proofs.RangeAtAsync(head, head.SignedSize, cancellationToken)).Root());
        }
        catch (Exception unread) when (unread is LedgerDamagedException or ProofUnavailableException)
        {
            return (0, Digest.Zero);
        }
    }

    private async Task<ResetLedgerResponse> BeginAsync(Partners.Partner partner, LedgerHead head, SignedBytes signed, CancellationToken cancellationToken)
    {
        if (!identity.Keys.VerifyByRoot(LedgerReset.PaeType, signed.Payload.Span, signed.Signature.Span))
            throw FederationError.Exception(FederationReason.SignatureInvalid, "reset: not signed by the institute's root", ("reset", "not signed by the root"));
        if (!LedgerReset.TryDecode(signed.Payload.Span, out var reset, out var error))
            throw FederationError.Exception(FederationReason.FieldInvalid, $"reset: {error}", ("reset", error));
        Check(head, reset);
        var write = new LedgerResetWrite(
            partner.Number, head.Ledger, head.Incarnation, reset.Ledger, reset.NewIncarnation, signed.Payload.ToByteArray(), signed.Signature.ToByteArray(),
            time.GetUtcNow().ToUnixTimeMilliseconds());
        if (!await store.ResetLedgerAsync(write, cancellationToken))
            throw FederationError.Exception(FederationReason.FieldInvalid, "reset: the ledger has changed meanwhile", ("reset", "made for another state of the ledger"));
        sessions.Of(partner.Number).Restart();
        ExchangeLog.Reset(logger, partner.Institute, reset.OldIncarnation, reset.NewIncarnation, reset.Text);
        await roster.ReloadAsync(cancellationToken);
        return new ResetLedgerResponse { Payload = signed.Payload, InForce = true };
    }

    // A store that was lost and made anew has drawn another id for its ledger: as long as nothing of that one was signed, it takes over the old id.
    private void Check(LedgerHead head, LedgerReset reset)
    {
        var fault = reset.Origin != identity.Institute ? "it is of another institute"
            : reset.NewIncarnation <= head.Incarnation ? $"incarnation {reset.NewIncarnation} is not above the ledger's {head.Incarnation}"
            : reset.Ledger != head.Ledger && (head.SignedSize != 0 || head.ReceiptSize != 0) ? "it is of another ledger, and heads of this one were signed"
            : reset.Ledger == head.Ledger && reset.OldIncarnation < head.Incarnation ? $"it ends incarnation {reset.OldIncarnation}, and the ledger is in {head.Incarnation}"
            : null;
        if (fault is not null)
            throw FederationError.Exception(FederationReason.FieldInvalid, $"reset: {fault}", ("reset", fault));
    }

    private Head? ReadLastHead(SignedBytes? signed)
    {
        if (signed is not { Payload.Length: > 0 })
            return null;
        return identity.Keys.Verify(KeyPurpose.Head, Head.PaeType, signed.Payload.Span, signed.Signature.Span) && Head.TryDecode(signed.Payload.Span, out var head, out _)
            ? head
            : throw FederationError.Exception(FederationReason.SignatureInvalid, "last_head: not a head that this node signed", ("last_head", "not signed by this node"));
    }

    private static LedgerResetReason ReasonOf(ResetReason code) => code switch
    {
        ResetReason.Damaged => LedgerResetReason.Damaged,
        ResetReason.Lost => LedgerResetReason.Lost,
        ResetReason.Forked => LedgerResetReason.Forked,
        _ => LedgerResetReason.Other,
    };
}
