using Federation.Node.Exchange;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Node.Operations;

/// <summary>Says to an originator, as a file, where this node stands in its ledger, with a receipt for what is durable.</summary>
internal sealed class ContactExporter(INodeStore store, NodeIdentity identity, TimeProvider time)
{
    private static readonly TimeSpan ScrubRetry = TimeSpan.FromMilliseconds(50);

    /// <summary>The present position in a partner's ledger.</summary>
    public async Task<LedgerContact> ExportAsync(Partner partner, CancellationToken cancellationToken)
    {
        var row = (await store.ReadNodeAsync(cancellationToken)).Followers.FirstOrDefault(f => f.Partner == partner.Number);
        if (row is null)
            throw FederationError.Exception(FederationReason.LedgerNotFound, "the partner is not followed");
        var contact = new LedgerContact { Origin = partner.Institute.ToString(), Follower = identity.Institute.ToString(), Incarnation = row.Incarnation };
        if (row.Incarnation != 0)
            contact.LedgerId = ByteString.CopyFrom(row.Ledger.ToBytes());
        if (row.Head.Length == 0)
            return contact;
        // A receipt confirms removals too: what was removed has to be out of the write-ahead log first.
        while (!await store.ScrubAsync(cancellationToken))
            await Task.Delay(ScrubRetry, time, cancellationToken);
        contact.LastHead = new SignedBytes { Payload = ByteString.CopyFrom(row.Head), Signature = ByteString.CopyFrom(row.HeadSignature) };
        contact.Receipt = ReceiptSender.Sign(identity, row, time.GetUtcNow().ToUnixTimeMilliseconds());
        return contact;
    }
}
