using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Node.Exchange;

/// <summary>
/// Takes receipts: a partner's signature under the state that it holds durably. One that can't be true is kept as evidence. One for a tip whose
/// live entries are others at the same root is taken, since the root holds, and told: the partner applied what it has differently.
/// </summary>
internal sealed class ReceiptDesk(StreamNeeds needs, LedgerProofs proofs, ILogger<ReceiptDesk> logger)
{
    /// <summary>Checks and keeps a receipt.</summary>
    public async Task TakeAsync(Partner partner, LedgerHead ledger, SignedBytes? signed, CancellationToken cancellationToken)
    {
        if (!needs.Sessions.Of(partner.Number).TryTakeReceipt(needs.Time))
            throw FederationError.Exception(FederationReason.RateLimited, "at most one receipt a second");
        await KeepAsync(partner, ledger, signed ?? new SignedBytes(), cancellationToken);
    }

    /// <summary>Checks and keeps a receipt that an operator hands over.</summary>
    public async Task KeepAsync(Partner partner, LedgerHead ledger, SignedBytes signed, CancellationToken cancellationToken)
    {
        var receipt = ReadSigned(partner, signed);
        if (receipt.Ledger != ledger.Ledger || receipt.Incarnation != ledger.Incarnation)
            throw FederationError.Exception(FederationReason.ReceiptInvalid, "the receipt is not for this ledger");
        if (receipt.Size > ledger.SignedSize)
            await RefuseAsync(partner, signed, $"the receipt is for size {receipt.Size}, and heads were signed up to {ledger.SignedSize}", cancellationToken);
        if ((await proofs.RangeAtAsync(ledger, receipt.Size, cancellationToken)).Root() != receipt.Root)
            await RefuseAsync(partner, signed, $"the receipt names another root at size {receipt.Size}", cancellationToken);
        await needs.Store.SaveReceiptAsync(partner.Number, receipt, signed.Payload.ToByteArray(), signed.Signature.ToByteArray(), cancellationToken);
        await CompareLiveSetAsync(partner, receipt, signed, cancellationToken);
    }

    /// <summary>Reads a receipt that the partner signed; refuses any other.</summary>
    public static Receipt ReadSigned(Partner partner, SignedBytes? signed)
    {
        signed ??= new SignedBytes();
        if (!partner.Keys.Verify(KeyPurpose.Receipt, Receipt.PaeType, signed.Payload.Span, signed.Signature.Span))
            throw FederationError.Exception(FederationReason.SignatureInvalid, "receipt: not signed by an active receipt key", ("receipt", "not signed"));
        return Receipt.TryDecode(signed.Payload.Span, out var receipt, out var error)
            ? receipt
            : throw FederationError.Exception(FederationReason.FieldInvalid, $"receipt: {error}", ("receipt", error));
    }

    private async Task CompareLiveSetAsync(Partner partner, Receipt receipt, SignedBytes signed, CancellationToken cancellationToken)
    {
        var session = needs.Sessions.Of(partner.Number);
        // Off the tip the digest is zero in head and receipt alike; an older tip than the last one signed is no longer known.
        if (receipt.LiveDigest.IsZero || session.Tip is not { } tip || tip.Head.Size != receipt.Size)
            return;
        if (!session.NoteLiveSet(tip.Head.LiveDigest != receipt.LiveDigest))
            return;
        var detail = $"at size {receipt.Size} the partner holds the same root and other live entries: digest {receipt.LiveDigest}, not {tip.Head.LiveDigest}";
        ExchangeLog.LiveSetDiffers(logger, partner.Institute, detail);
        await needs.Store.SaveEvidenceAsync(
            new EvidenceWrite
            {
                Partner = partner.Number,
                Fault = "LIVE_SET_DIFFERS",
                Detail = detail,
                NowMs = needs.Time.GetUtcNow().ToUnixTimeMilliseconds(),
                Objects =
                [
                    Storage.EvidenceObject.Of(Storage.EvidenceKind.Receipt, signed.ToByteArray()),
                    Storage.EvidenceObject.Of(Storage.EvidenceKind.OwnHead, tip.Signed.ToByteArray()),
                ],
            },
            cancellationToken);
    }

    private async Task RefuseAsync(Partner partner, SignedBytes signed, string detail, CancellationToken cancellationToken)
    {
        ExchangeLog.FalseReceipt(logger, partner.Institute, detail);
        await needs.Store.SaveEvidenceAsync(
            new EvidenceWrite
            {
                Partner = partner.Number,
                Fault = "RECEIPT_FALSE",
                Detail = detail,
                NowMs = needs.Time.GetUtcNow().ToUnixTimeMilliseconds(),
                Objects = [Storage.EvidenceObject.Of(Storage.EvidenceKind.Receipt, signed.ToByteArray()), .. OwnHead(partner)],
            },
            cancellationToken);
        throw FederationError.Exception(FederationReason.ReceiptInvalid, "the receipt does not match the ledger");
    }

    private IEnumerable<Storage.EvidenceObject> OwnHead(Partner partner) => needs.Sessions.Of(partner.Number).Tip is { } tip
        ? [Storage.EvidenceObject.Of(Storage.EvidenceKind.OwnHead, tip.Signed.ToByteArray())]
        : [];
}
