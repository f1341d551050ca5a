using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Node.Exchange;

/// <summary>
/// Answers Hello: sign on contact. No head of a ledger is signed in this life of the process before its follower's last head and the anchor
/// were shown to be prefixes of it, so that a node restored from an old backup can't sign a second history. A ledger that lost its end is
/// got back first.
/// </summary>
internal sealed class ContactDesk(
    StreamNeeds needs, NodeIdentity identity, LedgerProofs proofs, LedgerStandings standings, LedgerAudits audits, RecoverySignal recoveries,
    ILogger<ContactDesk> logger)
{
    /// <summary>The answer to a partner whose ledger this is.</summary>
    public Task<HelloResponse> AnswerAsync(Partner partner, LedgerHead ledger, HelloRequest request, CancellationToken cancellationToken) =>
        audits.GuardAsync(ledger, () => ConfirmAsync(partner, ledger, request, cancellationToken));

    private async Task<HelloResponse> ConfirmAsync(Partner partner, LedgerHead ledger, HelloRequest request, CancellationToken cancellationToken)
    {
        if (request.LowestVersion > ExchangeLimits.Version || request.HighestVersion < ExchangeLimits.Version)
        {
            var range = $"{ExchangeLimits.Version} to {ExchangeLimits.Version}";
            throw FederationError.Exception(FederationReason.VersionUnsupported, $"this node speaks versions {range}", ("highest_version", range));
        }

        if (ledger.Damaged)
            throw FederationError.Exception(FederationReason.LedgerForked, "the ledger is stopped; an operator has to act");
        await Announcements.HearAsync(needs.Store, needs.Roster, partner, request.CommunityDigests, request.TakesForwarded, needs.Time, cancellationToken);
        var last = ReadLastHead(ledger, request);
        var session = needs.Sessions.Of(partner.Number);
        var response = new HelloResponse
        {
            Contact = Contact.Ok,
            Version = ExchangeLimits.Version,
            LedgerId = ByteString.CopyFrom(ledger.Ledger.ToBytes()),
            Incarnation = ledger.Incarnation,
            ManifestNumber = identity.ManifestNumber,
            MaxMessageBytes = ExchangeLimits.PartnerReceiveBytes,
        };
        session.Told = partner.OwnLists;
        response.CommunityDigests.AddRange(partner.OwnLists.Select(digest => ByteString.CopyFrom(digest.ToBytes())));
        if (await RefuseAsync(partner, ledger, last, request, cancellationToken) is { } refusal)
        {
            response.Contact = refusal;
            return response;
        }

        session.RaiseTimeFloor(last?.TimeMs ?? 0);
        await NoteRegressionAsync(partner, ledger, last?.Size ?? 0, cancellationToken);
        var confirmed = await needs.Store.ConfirmContactAsync(partner.Number, ledger.Term, following: session.Connected, cancellationToken);
        if (!confirmed.Confirmed)
        {
            response.Contact = confirmed.Forked ? Contact.Fork : Contact.Behind;
            return response;
        }

        var root = (await proofs.RangeAtAsync(confirmed, confirmed.Size, cancellationToken)).Root();
        var (head, signed) = await needs.Signer.SignAsync(
            confirmed, new Head(confirmed.Ledger, confirmed.Incarnation, confirmed.Size, root, 0, false, 0, 0, Digest.Zero), session.TimeFloorMs, cancellationToken);
        session.RaiseTimeFloor(head.TimeMs);
        response.Head = signed;
        foreach (var hash in await proofs.ConsistencyAsync(confirmed, last?.Size ?? 0, confirmed.Size, cancellationToken))
            response.ConsistencyProof.Add(ByteString.CopyFrom(hash.ToBytes()));
        ExchangeLog.Contact(logger, partner.Institute, last?.Size ?? 0, confirmed.Size);
        return response;
    }

    // What was not signed by this node proves nothing against it.
    private Head? ReadLastHead(LedgerHead ledger, HelloRequest request)
    {
        if (request.LastHead is not { Payload.Length: > 0 } signed)
            return null;
        if (!identity.Keys.Verify(KeyPurpose.Head, Head.PaeType, signed.Payload.Span, signed.Signature.Span))
            throw FederationError.Exception(FederationReason.SignatureInvalid, "last_head: not signed by this node", ("last_head", "not signed by this node"));
        // One of a later incarnation shows that the store is from before a reset.
        if (!Head.TryDecode(signed.Payload.Span, out var head, out var error) || head.Ledger != ledger.Ledger || head.Incarnation < ledger.Incarnation)
            throw FederationError.Exception(FederationReason.FieldInvalid, $"last_head: {error}", ("last_head", "not a head of this ledger"));
        return head;
    }

    // A partner that was restored from an old backup gets everything again from its cursor on; nothing of it is held against the partner.
    private async Task NoteRegressionAsync(Partner partner, LedgerHead ledger, ulong held, CancellationToken cancellationToken)
    {
        if (held >= ledger.ReceiptSize)
            return;
        ExchangeLog.ReceiptRegressed(logger, partner.Institute, held, ledger.ReceiptSize);
        await needs.Store.NoteRegressionAsync(partner.Number, held, needs.Time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
    }

    // FORK or BEHIND; null if everything that was signed before is a prefix of the ledger.
    private async Task<Contact?> RefuseAsync(Partner partner, LedgerHead ledger, Head? last, HelloRequest request, CancellationToken cancellationToken)
    {
        if (ledger.Forked)
            return Contact.Fork;
        var byPartner = last is null ? LedgerStanding.Prefix
            : last.Incarnation > ledger.Incarnation ? LedgerStanding.Forked
            : await standings.AgainstAsync(ledger, last.Size, last.Root, cancellationToken);
        var byAnchor = await standings.AgainstAnchorAsync(ledger, cancellationToken);
        if (byPartner == LedgerStanding.Prefix && byAnchor == LedgerStanding.Prefix && ledger.RecoverTo == 0)
            return null;
        // A ledger that was got back between two readings looks like a fork, and is none.
        var now = await needs.Store.ReadHeadAsync(partner.Number, cancellationToken);
        if (now is null || now.Term != ledger.Term)
            return Contact.Behind;
        if (byPartner == LedgerStanding.Forked || byAnchor == LedgerStanding.Forked)
        {
            await KeepForkAsync(partner, ledger, last, byPartner == LedgerStanding.Forked, request, cancellationToken);
            return Contact.Fork;
        }

        var missing = Math.Max(last?.Size ?? 0, standings.AnchorOf(ledger)?.Size ?? 0);
        if (ledger.RecoverTo == 0 || missing > ledger.RecoverTo)
        {
            ExchangeLog.Behind(logger, partner.Institute, missing, ledger.SignedSize);
            await needs.Store.BeginRecoveryAsync(partner.Number, missing, ledger.Term, cancellationToken);
        }

        recoveries.Raise();
        return Contact.Behind;
    }

    private async Task KeepForkAsync(Partner partner, LedgerHead ledger, Head? last, bool byPartner, HelloRequest request, CancellationToken cancellationToken)
    {
        var detail = byPartner
            ? $"{partner.Institute} holds a head of size {last!.Size} with root {last.Root} that this node signed in incarnation {last.Incarnation}, "
                + "and the ledger has another root there, or is in an earlier incarnation"
            : $"the anchor of the ledger for {partner.Institute} names another root than the ledger has at that size, or a later incarnation";
        ExchangeLog.Forked(logger, partner.Institute, detail);
        await needs.Store.SaveEvidenceAsync(
            new EvidenceWrite
            {
                Partner = partner.Number,
                Fault = "LEDGER_FORKED",
                Detail = detail,
                NowMs = needs.Time.GetUtcNow().ToUnixTimeMilliseconds(),
                Objects = request.LastHead is { } held ? [Storage.EvidenceObject.Of(Storage.EvidenceKind.PresentedHead, held.ToByteArray())] : [],
                ForksLedger = true,
                Term = ledger.Term,
            },
            cancellationToken);
    }
}
