using Federation.Node.Partners;
using Federation.Node.Storage;

namespace Federation.Node.Ledger;

/// <summary>
/// Says for which partners records are judged: the one that is swept, or all that are not. Those that are, are left to their sweeps: what
/// others append for them in between would stand in an order that depends on what they do not see. For a ledger that forked nothing is
/// appended any more; for one that is being got back nothing until it is, when a sweep looks at everything: otherwise a ledger that is
/// written to all the time would never be found as it was read.
/// </summary>
internal sealed class JudgedPartners(INodeStore store, RosterSource roster)
{
    // Partners, ledgers and sweeps as they were read last; a roster that is newer makes them be read again.
    private NodeSnapshot node = null!;

    /// <summary>Takes over which sweeps are under way.</summary>
    public void Look(NodeSnapshot snapshot) => node = snapshot;

    /// <summary>Whether a sweep of the partner was under way at the last look.</summary>
    public bool IsSwept(int partner) => node.Sweeps.Any(sweep => sweep.Partner == partner);

    /// <summary>The partner of a sweep; without one, those that are shared with and have none under way.</summary>
    public async Task<List<Partner>> OfAsync(SweepProgress? sweep, CancellationToken cancellationToken)
    {
        var partners = roster.Current.Partners.Where(partner => partner.Share).ToList();
        if (partners.Exists(partner => !IsKnown(partner)))
            node = await store.ReadNodeAsync(cancellationToken);
        partners.RemoveAll(partner => node.Ledgers.Any(head => head.Partner == partner.Number && (head.Forked || head.RecoverTo > 0))
            || (sweep is null ? IsSwept(partner.Number) : sweep.Partner != partner.Number));
        return partners;
    }

    private bool IsKnown(Partner partner) => node.Partners.Any(stored =>
        stored.Number == partner.Number && stored.Share && stored.PolicyEpoch == partner.PolicyEpoch && stored.Membership == partner.Membership)
        && node.Community == partner.Community;
}
