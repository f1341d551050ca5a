using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>
/// What the handling of another institute's record lets a receiver pass on to a recipient, as a pure function of what the receiver was shown:
/// within a community up to GREEN where envelope and part say so, and up to AMBER to an institute that an onward grant names. AMBER+STRICT and
/// RED never go on, nothing goes back to its origin, and whoever passes on adds its own policy. The one who receives asks the same.
/// </summary>
internal readonly struct OnwardPermission
{
    private readonly RecordFacts facts;

    private OnwardPermission(RecordFacts facts) => this.facts = facts;

    /// <summary>Whether the record's envelope opens it to a community in which the recipient is with the origin.</summary>
    public bool ByCommunity { get; private init; }

    /// <summary>The place of an onward grant that names the recipient, among the parts; -1 if there is none.</summary>
    public int Grant { get; private init; }

    /// <summary>Whether the record may be passed on at all.</summary>
    public bool Any => ByCommunity || Grant >= 0;

    /// <summary>What a record's handling says for a recipient.</summary>
    public static OnwardPermission Of(Recipient recipient, RecordFacts facts)
    {
        var permission = new OnwardPermission(facts) { Grant = -1 };
        if (!recipient.TakesForwarded || recipient.Institute == facts.Origin || !Markings.IsKnown(facts.Marking) || facts.Marking > Marking.Amber)
            return permission;
        return permission with
        {
            ByCommunity = facts.Onward == Onward.Community && facts.Marking <= Marking.Green && recipient.Fellows.Contains(facts.Origin),
            Grant = FindGrant(recipient, facts),
        };
    }

    /// <summary>Whether the community may have a part; a grant is for the institute that it names and for nobody else.</summary>
    public bool CommunityCovers(PartFacts part) =>
        ByCommunity
        && part.Type != Part.OnwardGrantFieldNumber
        && (part.Onward is Onward.Unspecified or Onward.Community)
        && Markings.Effective(facts.Marking, part.Marking) is >= Marking.Clear and <= Marking.Green;

    /// <summary>Whether the grant covers a part: every part up to AMBER but the grants for others.</summary>
    public bool GrantCovers(PartFacts part) =>
        Grant >= 0
        && (part.Onward is >= Onward.Unspecified and <= Onward.Community)
        && (part.Type != Part.OnwardGrantFieldNumber || ReferenceEquals(facts.Parts[Grant], part))
        && Markings.Effective(facts.Marking, part.Marking) is >= Marking.Clear and <= Marking.Amber;

    private static int FindGrant(Recipient recipient, RecordFacts facts)
    {
        for (var i = 0; i < facts.Parts.Count; i++)
        {
            var part = facts.Parts[i];
            if (part.Type == Part.OnwardGrantFieldNumber
                && part.Audience is { } named && named.NamesItself(recipient)
                && Markings.Effective(facts.Marking, part.Marking) is >= Marking.Clear and <= Marking.Amber)
                return i;
        }
        return -1;
    }
}
