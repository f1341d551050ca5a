using Federation.Node.Storage;
using Federation.Protocol.Records;

namespace Federation.Node.Ledger;

/// <summary>
/// Compares ledgers with heads that were signed under them: one that a partner holds, and the anchored one. What lies above the signed size
/// was never signed and may be moved; another root below it is a fork.
/// </summary>
internal sealed class LedgerStandings(LedgerProofs proofs, LedgerAnchor anchor)
{
    /// <summary>The anchored head of the ledger's incarnation; null if there is none.</summary>
    public AnchoredHead? AnchorOf(LedgerHead ledger) =>
        anchor.Find(ledger.Ledger) is { } anchored && anchored.Incarnation == ledger.Incarnation ? anchored : null;

    /// <summary>The latest incarnation in which a head of the ledger was signed, as far as the anchor knows; 0 if it knows nothing.</summary>
    public uint LatestIncarnationOf(LedgerHead ledger) => anchor.Find(ledger.Ledger)?.Incarnation ?? 0;

    /// <summary>Compares the ledger with its anchor; without one nothing speaks against it.</summary>
    public async Task<LedgerStanding> AgainstAnchorAsync(LedgerHead ledger, CancellationToken cancellationToken)
    {
        // Of a store from before a reset: nothing is signed any more in an incarnation that has ended.
        if (anchor.Find(ledger.Ledger) is { } later && later.Incarnation > ledger.Incarnation)
            return LedgerStanding.Forked;
        if (AnchorOf(ledger) is not { } anchored)
            return LedgerStanding.Prefix;
        // An anchor that itself came from an older copy: what was signed since is here, under a larger head.
        if (anchored.Size < ledger.HolesEnd && await proofs.FindRangeAtAsync(ledger, anchored.Size, cancellationToken) is null)
            return LedgerStanding.Prefix;
        return await AgainstAsync(ledger, anchored.Size, anchored.Root, cancellationToken);
    }

    /// <summary>Compares the ledger with a head.</summary>
    /// <exception cref="ProofUnavailableException">The head's size lies within entries that came back as one hash.</exception>
    public async Task<LedgerStanding> AgainstAsync(LedgerHead ledger, ulong size, Digest root, CancellationToken cancellationToken)
    {
        if (size <= ledger.Size && (await proofs.RangeAtAsync(ledger, size, cancellationToken)).Root() == root)
            return LedgerStanding.Prefix;
        return size > ledger.SignedSize ? LedgerStanding.Behind : LedgerStanding.Forked;
    }
}
