using Federation.Node.Storage;
using Federation.Protocol.Heads;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>Sees every head that a node is about to sign, and keeps it over all lives of the node.</summary>
internal sealed class RecordingAnchor(LedgerAnchor inner, List<AnchoredHead> heads) : LedgerAnchor
{
    public override AnchoredHead? Find(LedgerId ledger) => inner.Find(ledger);

    public override void Raise(AnchoredHead head)
    {
        inner.Raise(head);
        lock (heads)
            heads.Add(head);
    }

    public override void Dispose() => inner.Dispose();
}
