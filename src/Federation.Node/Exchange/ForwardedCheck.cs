using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Sharing;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Exchange;

/// <summary>
/// Whether this node may keep and show what a partner passed on: the origin is known, is not this institute itself, and its handling permits what
/// was opened. The one who passes on has asked the same; whoever receives does not take its word for it.
/// </summary>
internal sealed class ForwardedCheck(RosterSource roster, NodeIdentity self, Partner partner)
{
    /// <summary>Notes why a forwarded record can't be shown, if it can't.</summary>
    public void Check(ReceivedContent content, VerifiedEntry entry)
    {
        var origin = entry.Leaf.Origin;
        content.RefuseIf(entry.Provenance == EntryProvenance.ForwardedUnproven, $"it is of {origin}, whose keys are not known here");
        content.RefuseIf(origin == self.Institute, "it is of this institute itself");
        if (content.Reason is not null)
            return;
        var facts = FactsOf(content, entry);
        var permission = OnwardPermission.Of(Recipient(origin), facts);
        content.RefuseIf(!permission.Any, $"the handling of {origin} does not permit that {partner.Institute} passes it on to this institute");
        foreach (var part in facts.Parts.Where(part => !permission.CommunityCovers(part) && !permission.GrantCovers(part)))
            content.RefuseIf(true, $"the handling of {origin} does not permit that part {part.Part:x16} is passed on to this institute");
    }

    private Recipient Recipient(InstituteId origin)
    {
        var current = roster.Current;
        var listed = current.Communities.RootBeside(partner.Institute, partner.RootFingerprint, origin);
        // A partner's pinned root is stronger than a list; where they differ there is no community.
        var pinned = current.Find(origin)?.RootFingerprint;
        var fellow = listed is { } root && (pinned is null || pinned == root);
        return new Recipient
        {
            Institute = self.Institute,
            Groups = new SortedSet<string>(),
            Fellows = fellow ? new SortedSet<InstituteId> { origin } : new SortedSet<InstituteId>(),
            TakesForwarded = true,
        };
    }

    private static RecordFacts FactsOf(ReceivedContent content, VerifiedEntry entry)
    {
        var shape = new RecordShape
        {
            ReleaseMs = 0,
            Audience = [],
            Topics = [],
            State = 0,
            Parts = [.. content.Parts.Where(part => !part.Unopened)],
        };
        return JudgedRecord.FactsOf(new RecordName(entry.Leaf.Origin, entry.Leaf.Record), entry.Statement!.Kind, own: false, draft: false, shape);
    }
}
