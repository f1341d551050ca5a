using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Node.Exchange;

/// <summary>
/// What a follower is told that asks for an incarnation which has ended: the root-signed resets since. No head is signed for it, and nothing
/// is confirmed, until its operator has accepted and it asks for the present one.
/// </summary>
internal static class RetiredLedgers
{
    /// <summary>The most resets that are told at once, the latest ones.</summary>
    public const int MaxResets = 16;

    /// <summary>The answer to a Hello for an ended incarnation; null if the present one is asked for.</summary>
    public static async Task<HelloResponse?> AnswerAsync(
        INodeStore store, NodeIdentity identity, LedgerHead ledger, HelloRequest request, CancellationToken cancellationToken)
    {
        // Without an incarnation it is first contact: whoever holds nothing starts with the present one.
        if (request.Incarnation == 0 || request.Incarnation >= ledger.Incarnation)
            return null;
        var resets = (await store.ReadNodeAsync(cancellationToken)).Resets
            .Where(r => r.Outbound && r.Partner == ledger.Partner && r.Incarnation > request.Incarnation).TakeLast(MaxResets);
        var response = new HelloResponse
        {
            Contact = Contact.Retired,
            Version = ExchangeLimits.Version,
            LedgerId = ByteString.CopyFrom(ledger.Ledger.ToBytes()),
            Incarnation = ledger.Incarnation,
            ManifestNumber = identity.ManifestNumber,
            MaxMessageBytes = ExchangeLimits.PartnerReceiveBytes,
        };
        foreach (var reset in resets)
            response.LedgerResets.Add(new SignedBytes { Payload = ByteString.CopyFrom(reset.Payload), Signature = ByteString.CopyFrom(reset.Signature) });
        return response;
    }
}
