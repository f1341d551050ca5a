using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>Decides over the parts of a record that a partner may see, now or later.</summary>
/// <param name="ceiling">The policy's ceiling.</param>
/// <param name="recipient">The partner.</param>
/// <param name="facts">The record.</param>
/// <param name="match">What the rules say; one of them allows the record.</param>
/// <param name="nowMs">The time in milliseconds since 1970-01-01 UTC.</param>
internal ref struct PartJudge(Marking ceiling, Recipient recipient, RecordFacts facts, in RuleMatch match, long nowMs)
{
    private readonly RuleMatch match = match;
    private readonly OnwardPermission onward = facts.Own ? default : OnwardPermission.Of(recipient, facts);
    private long grantMs = RuleEmbargo.Never;

    /// <summary>The verdicts, references left out.</summary>
    internal PartVerdict[] Verdicts { get; } = facts.Parts.Count == 0 ? [] : new PartVerdict[facts.Parts.Count];

    /// <summary>From when on the record is left with more than its envelope; never, if no part will be visible and no rule shares the envelope.</summary>
    internal long LeftMs { get; private set; } = facts.Parts.Count == 0 || match.SharesEnvelope ? 0 : RuleEmbargo.Never;

    /// <summary>From when on another institute's record may be passed on: at once within a community, else once the grant is shown; never, if it is not.</summary>
    internal readonly long OnwardMs => facts.Own || onward.ByCommunity ? 0 : grantMs;

    /// <summary>When the next part is released; never, if none will be.</summary>
    internal long NextReleaseMs { get; private set; } = RuleEmbargo.Never;

    /// <summary>Judges every part without a look at references.</summary>
    internal void JudgeOwn()
    {
        if (!facts.Own && onward.Grant >= 0 && facts.Parts[onward.Grant] is { } grant)
        {
            var shown = match.HandlingOf(grant.Type);
            grantMs = JudgeTimeless(grant, shown) == PartVerdict.Visible ? Math.Max(grant.ReleaseMs, shown.Embargo.ReleaseMs(facts)) : RuleEmbargo.Never;
        }

        for (var i = 0; i < Verdicts.Length; i++)
        {
            var part = facts.Parts[i];
            var handling = match.HandlingOf(part.Type);
            var timeless = JudgeTimeless(part, handling);
            var onwardMs = OnwardMsOf(part);
            if (onwardMs == RuleEmbargo.Never && timeless == PartVerdict.Visible)
                timeless = PartVerdict.Onward;
            var ruleReleaseMs = Math.Max(handling.Embargo.ReleaseMs(facts), onwardMs);
            Verdicts[i] = timeless is PartVerdict.Marking or PartVerdict.Ceiling or PartVerdict.Audience or PartVerdict.Onward ? timeless
                : nowMs < part.ReleaseMs ? PartVerdict.Embargo
                : timeless != PartVerdict.Visible ? timeless
                : nowMs < ruleReleaseMs ? PartVerdict.RuleEmbargo
                : PartVerdict.Visible;
            if (timeless != PartVerdict.Visible || !IsAddressed(part))
                continue;
            var releaseMs = Math.Max(part.ReleaseMs, ruleReleaseMs);
            LeftMs = Math.Min(LeftMs, releaseMs);
            if (releaseMs > nowMs)
                NextReleaseMs = Math.Min(NextReleaseMs, releaseMs);
        }
    }

    /// <summary>Takes back what refers to a record that may not be named, and what is meant for another.</summary>
    internal readonly void JudgeReferences(Func<RecordName, bool>? mayBeNamed)
    {
        for (var i = 0; i < Verdicts.Length; i++)
        {
            if (Verdicts[i] != PartVerdict.Visible)
                continue;
            var part = facts.Parts[i];
            if (mayBeNamed is not null && !References.MayBeNamed(part, mayBeNamed))
                Verdicts[i] = PartVerdict.Reference;
            else if (!IsAddressed(part))
                Verdicts[i] = PartVerdict.NotAddressee;
        }
    }

    // Everything about the part that depends neither on other records nor on the time.
    private readonly PartVerdict JudgeTimeless(PartFacts part, PartHandling handling)
    {
        var marking = Markings.Effective(facts.Marking, part.Marking);
        if (!Markings.IsKnown(marking) || (marking == Marking.Red && !(part.Audience ?? facts.Audience).NamesItself(recipient)))
            return PartVerdict.Marking;
        if (marking > ceiling)
            return PartVerdict.Ceiling;
        if (part.Audience is { } audience && !audience.Admits(recipient))
            return PartVerdict.Audience;
        if (match.Hides(part.Type))
            return PartVerdict.Type;
        return marking > handling.MaxMarking ? PartVerdict.RuleMarking : PartVerdict.Visible;
    }

    private readonly long OnwardMsOf(PartFacts part) =>
        facts.Own || onward.CommunityCovers(part) ? 0 : onward.GrantCovers(part) ? grantMs : RuleEmbargo.Never;

    private readonly bool IsAddressed(PartFacts part) =>
        part.Type != Part.AnnotationSeenFieldNumber || References.TargetIsOf(recipient.Institute, facts);
}
