using Federation.Protocol.Heads;

namespace Federation.Node.Storage;

/// <summary>
/// What must never go back, although the store may: for each ledger the largest head that this node was ever about to sign. It lies on
/// another volume than the store and in none of its backups, so that a restored store is found out before it signs a second history.
/// </summary>
internal abstract class LedgerAnchor : IDisposable
{
    /// <summary>The anchored head of a ledger; null if none was signed, or the anchor was lost since.</summary>
    public abstract AnchoredHead? Find(LedgerId ledger);

    /// <summary>
    /// Raises the anchor before a head is signed; durable when it returns. A smaller head, or the same once more, changes nothing and costs
    /// nothing. Another root at the anchored size, and an anchor that somebody else has moved, are faults that end the process.
    /// </summary>
    public abstract void Raise(AnchoredHead head);

    public abstract void Dispose();
}
