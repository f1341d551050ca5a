using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Node.Ledger;

/// <summary>
/// Signs heads. Whoever asks has made sure that the partner's last head is a prefix, and here the root is held against what is stored, by the
/// second path: a wrong head can't be taken back.
/// </summary>
internal sealed class HeadSigner(NodeIdentity identity, LedgerAudits audits, TimeProvider time)
{
    /// <summary>Signs a head at the present time, or at the floor if the clock is behind it: times never decrease in one ledger.</summary>
    public async Task<(Head Head, SignedBytes Signed)> SignAsync(LedgerHead ledger, Head head, long timeFloorMs, CancellationToken cancellationToken)
    {
        await audits.CheckAsync(ledger, head.Size, head.Root, cancellationToken);
                var dated = head with { TimeMs = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), timeFloorMs), ManifestNo = identity.ManifestNumber };
        var payload = dated.Encode();
        var signature = identity.HeadKey.Sign(Head.PaeType, payload);
        return (dated, new SignedBytes { Payload = UnsafeByteOperations.UnsafeWrap(payload), Signature = UnsafeByteOperations.UnsafeWrap(signature) });
    }
}
