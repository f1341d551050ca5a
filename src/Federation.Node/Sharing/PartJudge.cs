using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>Decides over the parts of a record whose envelope a partner may see.</summary>
internal readonly ref struct PartJudge(Marking ceiling, InstituteId partner, RecordFacts facts, long nowMs)
{
    /// <summary>Judges every part, and with them whether the record is left with more than its envelope.</summary>
    /// <param name="match">What the rules say; one of them allows the record.</param>
    /// <param name="mayBeNamed">Whether a record may be named to the partner; null leaves references out.</param>
    internal Decision Judge(in RuleMatch match, Func<RecordName, bool>? mayBeNamed)
    {
        var parts = facts.Parts;
        var verdicts = parts.Count == 0 ? [] : new PartVerdict[parts.Count];
        var left = verdicts.Length == 0 || match.SharesEnvelope;
        var nextChangeMs = 0L;
        for (var i = 0; i < verdicts.Length; i++)
        {
            var part = parts[i];
            var verdict = verdicts[i] = JudgeOwn(part, match);
            if (verdict == PartVerdict.Visible)
                left |= IsAddressed(part);
            else if (verdict == PartVerdict.Embargo && !match.Hides(part.Type) && IsAddressed(part))
                nextChangeMs = nextChangeMs == 0 ? part.ReleaseMs : Math.Min(nextChangeMs, part.ReleaseMs);
        }
        if (!left)
            return new Decision { Verdict = RecordVerdict.EnvelopeOnly, Parts = [], NextChangeMs = nextChangeMs };
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (verdicts[i] == PartVerdict.Visible)
                verdicts[i] = JudgeReferences(parts[i], mayBeNamed);
        }
        return new Decision { Verdict = RecordVerdict.Visible, Rule = match.Allowance?.Name, Parts = verdicts, NextChangeMs = nextChangeMs };
    }

    // Everything about the part that does not depend on other records.
    private PartVerdict JudgeOwn(PartFacts part, in RuleMatch match)
    {
        var marking = facts.Marking;
        if (part.Marking != Marking.Unspecified)
        {
            if (!Markings.IsKnown(part.Marking))
                return PartVerdict.Marking;
            if (part.Marking > marking)
                marking = part.Marking;
        }
        if (marking == Marking.Red && !Audiences.Names(part.Audience ?? facts.Audience, partner))
            return PartVerdict.Marking;
        if (marking > ceiling)
            return PartVerdict.Ceiling;
        if (part.Audience is { Count: > 0 } audience && !Audiences.Names(audience, partner))
            return PartVerdict.Audience;
        if (nowMs < part.ReleaseMs)
            return PartVerdict.Embargo;
        return match.Hides(part.Type) ? PartVerdict.Type : PartVerdict.Visible;
    }

    private PartVerdict JudgeReferences(PartFacts part, Func<RecordName, bool>? mayBeNamed)
    {
        if (mayBeNamed is not null && !References.MayBeNamed(part, mayBeNamed))
            return PartVerdict.Reference;
        return IsAddressed(part) ? PartVerdict.Visible : PartVerdict.NotAddressee;
    }

    private bool IsAddressed(PartFacts part) =>
        part.Type != Part.AnnotationSeenFieldNumber || References.TargetIsOf(partner, facts);
}
