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
/// Answers Hello: sign on contact. No head of a ledger is signed in this life of the process before its follower's last head was shown
/// to be a prefix of it, so that a node restored from an old backup can't sign a second history.
/// </summary>
internal sealed class ContactDesk(StreamNeeds needs, NodeIdentity identity, LedgerProofs proofs, ILogger<ContactDesk> logger)
{
    /// <summary>The answer to a partner whose ledger this is.</summary>
    public async Task<HelloResponse> AnswerAsync(Partner partner, LedgerHead ledger, HelloRequest request, CancellationToken cancellationToken)
    {
        if (request.LowestVersion > ExchangeLimits.Version || request.HighestVersion < ExchangeLimits.Version)
        {
            var range = $"{ExchangeLimits.Version} to {ExchangeLimits.Version}";
            throw FederationError.Exception(FederationReason.VersionUnsupported, $"this node speaks versions {range}", ("highest_version", range));
        }

        if (ledger.Damaged)
            throw FederationError.Exception(FederationReason.LedgerForked, "the ledger is stopped; an operator has to act");
        var last = ReadLastHead(ledger, request);
        var response = new HelloResponse
        {
            Contact = Contact.Ok,
            Version = ExchangeLimits.Version,
            LedgerId = ByteString.CopyFrom(ledger.Ledger.ToBytes()),
            Incarnation = ledger.Incarnation,
            ManifestNumber = identity.ManifestNumber,
            MaxMessageBytes = ExchangeLimits.PartnerReceiveBytes,
        };
        if (ledger.Forked || (last is not null && await IsForkAsync(partner, ledger, last, request, cancellationToken)))
        {
            response.Contact = Contact.Fork;
            return response;
        }

        var session = needs.Sessions.Of(partner.Number);
        session.RaiseTimeFloor(last?.TimeMs ?? 0);
        var confirmed = await needs.Store.ConfirmContactAsync(partner.Number, following: session.Connected, cancellationToken);
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
        if (!Head.TryDecode(signed.Payload.Span, out var head, out var error) || head.Ledger != ledger.Ledger || head.Incarnation != ledger.Incarnation)
            throw FederationError.Exception(FederationReason.FieldInvalid, $"last_head: {error}", ("last_head", "not a head of this ledger"));
        return head;
    }

    private async Task<bool> IsForkAsync(Partner partner, LedgerHead ledger, Head last, HelloRequest request, CancellationToken cancellationToken)
    {
        if (last.Size <= ledger.Size && (await proofs.RangeAtAsync(ledger, last.Size, cancellationToken)).Root() == last.Root)
            return false;
        var ahead = last.Size > ledger.Size;
        var detail = ahead
            ? $"{partner.Institute} holds a head of size {last.Size} that this node signed, and the ledger has {ledger.Size} entries"
            : $"{partner.Institute} holds a head of size {last.Size} with root {last.Root} that this node signed, and the ledger has another root there";
        ExchangeLog.Forked(logger, partner.Institute, detail);
        await needs.Store.SaveEvidenceAsync(
            new EvidenceWrite
            {
                Partner = partner.Number,
                Fault = ahead ? "LEDGER_BEHIND" : "LEDGER_FORKED",
                Detail = detail,
                NowMs = needs.Time.GetUtcNow().ToUnixTimeMilliseconds(),
                Objects = [Storage.EvidenceObject.Of(Storage.EvidenceKind.PresentedHead, request.LastHead.ToByteArray())],
                ForksLedger = true,
            },
            cancellationToken);
        return true;
    }
}
