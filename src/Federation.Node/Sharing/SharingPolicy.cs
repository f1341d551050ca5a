using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>
/// What one partner may see, as a pure function of a record's facts and the time. Immutable. Rules are asked first
/// (<see cref="Match"/>: once for all partners of a class), then the partner's own side of it.
/// </summary>
internal sealed class SharingPolicy
{
    private static readonly Decision[] HiddenByVerdict =
        [.. Enum.GetValues<RecordVerdict>().Order().Select(verdict => new Decision { Verdict = verdict, Parts = [] })];

    private readonly SharingRule[][] _denials;
    private readonly SharingRule[][] _allowances;

    /// <summary>A policy of rules with unique names.</summary>
    public SharingPolicy(Marking ceiling, IReadOnlyList<SharingRule> rules)
    {
        Ceiling = ceiling;
        Rules = rules;
        ClassHash = PolicyNormalForm.Hash(ceiling, rules);
        // In the order of names, so that the rule which an answer names does not depend on the order in the file.
        var ordered = rules.OrderBy(rule => rule.Name, StringComparer.Ordinal).ToArray();
        _denials = ByKind(ordered, denies: true);
        _allowances = ByKind(ordered, denies: false);
    }

    /// <summary>The answer for a partner without a policy: nothing is visible.</summary>
    public static Decision NoPolicy => HiddenByVerdict[(int)RecordVerdict.NoPolicy];

    /// <summary>The hash of the policy's normal form: two spellings of one policy have the same.</summary>
    public Digest ClassHash { get; }

    /// <summary>The highest marking that the partner may ever get.</summary>
    public Marking Ceiling { get; }

    /// <summary>The rules in the order of the file, which means nothing.</summary>
    public IReadOnlyList<SharingRule> Rules { get; }

    /// <summary>Asks the rules about a record.</summary>
    public RuleMatch Match(RecordFacts facts)
    {
        if (!RecordKinds.IsKnown(facts.Kind))
            return default;
        foreach (var rule in _denials[(int)facts.Kind])
        {
            if (rule.MatchesBeyondKind(facts))
                return new RuleMatch { Denial = rule };
        }
        SharingRule? first = null;
        var withheld = PartTypeSet.Empty;
        var shown = PartTypeSet.Empty;
        var sharesEnvelope = false;
        foreach (var rule in _allowances[(int)facts.Kind])
        {
            if (!rule.MatchesBeyondKind(facts))
                continue;
            first ??= rule;
            withheld = withheld.Union(rule.Withheld);
            shown = shown.Union(rule.Shown);
            sharesEnvelope |= rule.SharesEnvelope;
        }
        return new RuleMatch
        {
            Allowance = first,
            HiddenTypes = withheld.Union(PartTypes.WithheldUnlessShown.Except(shown)),
            SharesEnvelope = sharesEnvelope,
        };
    }

    /// <summary>Decides what a partner may see of a record.</summary>
    public Decision Decide(InstituteId partner, RecordFacts facts, long nowMs, Func<RecordName, bool> mayBeNamed) =>
        Decide(Match(facts), partner, facts, nowMs, mayBeNamed);

    /// <summary>Decides what a partner may see of a record about which the rules of this policy's class were asked before.</summary>
    /// <param name="match">What <see cref="Match"/> says about the same facts.</param>
    /// <param name="partner">The partner.</param>
    /// <param name="facts">The record.</param>
    /// <param name="nowMs">The time in milliseconds since 1970-01-01 UTC.</param>
    /// <param name="mayBeNamed">Whether a record may be named to the partner; asked only about references of what is visible otherwise.</param>
    public Decision Decide(in RuleMatch match, InstituteId partner, RecordFacts facts, long nowMs, Func<RecordName, bool> mayBeNamed) =>
        Judge(match, partner, facts, nowMs, mayBeNamed);

    /// <summary>
    /// Decides without a look at references: whether a record that another refers to is visible itself. An annotation's
    /// visibility hangs on its target, which is not asked, so that an annotation is hidden in this answer.
    /// </summary>
    public Decision WithoutReferences(InstituteId partner, RecordFacts facts, long nowMs) => WithoutReferences(Match(facts), partner, facts, nowMs);

    /// <summary>As the other overload, for facts about which the rules of this policy's class were asked before.</summary>
    public Decision WithoutReferences(in RuleMatch match, InstituteId partner, RecordFacts facts, long nowMs) =>
        Judge(match, partner, facts, nowMs, mayBeNamed: null);

    /// <summary>The matching allow rule that withholds parts of a type and whose name comes first; null if none does.</summary>
    public SharingRule? FindWithholding(RecordFacts facts, int type)
    {
        if (!RecordKinds.IsKnown(facts.Kind))
            return null;
        return Array.Find(_allowances[(int)facts.Kind], rule => rule.Withheld.Contains(type) && rule.MatchesBeyondKind(facts));
    }

    private Decision Judge(in RuleMatch match, InstituteId partner, RecordFacts facts, long nowMs, Func<RecordName, bool>? mayBeNamed)
    {
        if (!RecordKinds.IsKnown(facts.Kind))
            return HiddenByVerdict[(int)RecordVerdict.UnknownKind];
        if (facts.Draft)
            return HiddenByVerdict[(int)RecordVerdict.Draft];
        var timeless = JudgeRecord(match, partner, facts);
        if (nowMs < facts.ReleaseMs)
        {
            // Time alone changes nothing for a record that is hidden for another reason too.
            return timeless == RecordVerdict.Visible
                ? new Decision { Verdict = RecordVerdict.Embargo, Parts = [], NextChangeMs = facts.ReleaseMs }
                : HiddenByVerdict[(int)RecordVerdict.Embargo];
        }
        if (timeless == RecordVerdict.Denied)
            return new Decision { Verdict = RecordVerdict.Denied, Rule = match.Denial?.Name, Parts = [] };
        if (timeless != RecordVerdict.Visible)
            return HiddenByVerdict[(int)timeless];
        if (facts.Kind == RecordKind.Annotation && (mayBeNamed is null || !References.TargetMayBeNamed(facts, mayBeNamed)))
            return HiddenByVerdict[(int)RecordVerdict.Target];
        return new PartJudge(Ceiling, partner, facts, nowMs).Judge(match, mayBeNamed);
    }

    private RecordVerdict JudgeRecord(in RuleMatch match, InstituteId partner, RecordFacts facts)
    {
        if (!Markings.IsKnown(facts.Marking))
            return RecordVerdict.Marking;
        var named = Audiences.Names(facts.Audience, partner);
        if (facts.Marking == Marking.Red && !named)
            return RecordVerdict.Marking;
        if (facts.Marking > Ceiling)
            return RecordVerdict.Ceiling;
        if (facts.Audience.Count > 0 && !named)
            return RecordVerdict.Audience;
        if (match.Denial is not null)
            return RecordVerdict.Denied;
        return match.Allowance is null ? RecordVerdict.NoRule : RecordVerdict.Visible;
    }

    private static SharingRule[][] ByKind(SharingRule[] rules, bool denies)
    {
        var byKind = new SharingRule[RecordKinds.Bound][];
        for (var kind = 0; kind < byKind.Length; kind++)
            byKind[kind] = [.. rules.Where(rule => rule.Denies == denies && rule.SpeaksOf((RecordKind)kind))];
        return byKind;
    }
}
