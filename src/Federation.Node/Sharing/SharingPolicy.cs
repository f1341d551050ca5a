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

    private readonly PolicyEvaluation _evaluation;

    /// <summary>A policy of rules with unique names, all of which speak for the partner.</summary>
    public SharingPolicy(Marking ceiling, IReadOnlyList<SharingRule> rules)
    {
        Ceiling = ceiling;
        Rules = [.. rules.Select(rule => rule.ForOne())];
        Reduced = PolicyNormalForm.Reduce(Rules);
        ClassHash = PolicyNormalForm.Hash(ceiling, Reduced);
        _evaluation = new PolicyEvaluation(Reduced);
    }

    /// <summary>The answer for a partner without a policy: nothing is visible.</summary>
    public static Decision NoPolicy => HiddenByVerdict[(int)RecordVerdict.NoPolicy];

    /// <summary>The hash of the policy's normal form: two spellings of one policy have the same.</summary>
    public Digest ClassHash { get; }

    /// <summary>The highest marking that the partner may ever get.</summary>
    public Marking Ceiling { get; }

    /// <summary>The rules in the order of the file, which means nothing.</summary>
    public IReadOnlyList<SharingRule> Rules { get; }

    /// <summary>The rules of the normal form: without those that change no answer.</summary>
    internal IReadOnlyList<SharingRule> Reduced { get; }

    /// <summary>Asks the rules about a record.</summary>
    public RuleMatch Match(RecordFacts facts) => _evaluation.Match(facts);

    /// <summary>Decides what a partner may see of a record.</summary>
    public Decision Decide(Recipient recipient, RecordFacts facts, long nowMs, Func<RecordName, bool> mayBeNamed) =>
        Decide(Match(facts), recipient, facts, nowMs, mayBeNamed);

    /// <summary>Decides what a partner may see of a record about which the rules of this policy's class were asked before.</summary>
    /// <param name="match">What <see cref="Match"/> says about the same facts.</param>
    /// <param name="recipient">The partner.</param>
    /// <param name="facts">The record.</param>
    /// <param name="nowMs">The time in milliseconds since 1970-01-01 UTC.</param>
    /// <param name="mayBeNamed">Whether a record may be named to the partner; asked only about references of what is visible otherwise.</param>
    public Decision Decide(in RuleMatch match, Recipient recipient, RecordFacts facts, long nowMs, Func<RecordName, bool> mayBeNamed) =>
        Judge(match, recipient, facts, nowMs, mayBeNamed);

    /// <summary>
    /// Decides without a look at references: whether a record that another refers to is visible itself. An annotation's
    /// visibility hangs on its target, which is not asked, so that an annotation is hidden in this answer.
    /// </summary>
    public Decision WithoutReferences(Recipient recipient, RecordFacts facts, long nowMs) => WithoutReferences(Match(facts), recipient, facts, nowMs);

    /// <summary>As the other overload, for facts about which the rules of this policy's class were asked before.</summary>
    public Decision WithoutReferences(in RuleMatch match, Recipient recipient, RecordFacts facts, long nowMs) =>
        Judge(match, recipient, facts, nowMs, mayBeNamed: null);

    /// <summary>The name of the rule that decided over a part of a record that a rule allows; null if something else than a rule did.</summary>
    public string? FindDeciding(RecordFacts facts, PartFacts part, PartVerdict verdict) => DecidingRule.Find(this, facts, part, verdict)?.Name;

    private Decision Judge(in RuleMatch match, Recipient recipient, RecordFacts facts, long nowMs, Func<RecordName, bool>? mayBeNamed)
    {
        if (!RecordKinds.IsKnown(facts.Kind))
            return HiddenByVerdict[(int)RecordVerdict.UnknownKind];
        if (facts.Draft)
            return HiddenByVerdict[(int)RecordVerdict.Draft];
        var timeless = JudgeRecord(match, recipient, facts);
        // Time alone changes nothing for a record that is hidden for another reason too.
        if (timeless != RecordVerdict.Visible)
            return Hidden(nowMs < facts.ReleaseMs ? RecordVerdict.Embargo : timeless, match);

        var parts = new PartJudge(Ceiling, recipient, facts, match, nowMs);
        parts.JudgeOwn();
        // What permits passing the record on may be what the own policy withholds.
        if (parts.OnwardMs == RuleEmbargo.Never)
            return Hidden(RecordVerdict.Onward, match);
        var openMs = Math.Max(Math.Max(facts.ReleaseMs, match.ReleaseMs), Math.Max(parts.LeftMs, parts.OnwardMs));
        var held = nowMs < facts.ReleaseMs ? RecordVerdict.Embargo : nowMs < match.ReleaseMs ? RecordVerdict.RuleEmbargo : RecordVerdict.Visible;
        if (facts.Kind == RecordKind.Annotation && !TargetAdmits(facts, held, mayBeNamed))
            return Hidden(held == RecordVerdict.Visible ? RecordVerdict.Target : held, match);
        if (nowMs < openMs)
            return Hidden(held == RecordVerdict.Visible ? RecordVerdict.EnvelopeOnly : held, match, NextChange(openMs));
        parts.JudgeReferences(mayBeNamed);
        var rule = Reduced[match.Allowance - 1];
        return new Decision
        {
            Verdict = RecordVerdict.Visible,
            Rule = rule.Name,
            RuleOrdinal = rule.Ordinal,
            Parts = parts.Verdicts,
            NextChangeMs = NextChange(parts.NextReleaseMs),
        };
    }

    // Nobody is asked about the target of an annotation that is held back: whoever asks then has to ask again when it is released.
    private static bool TargetAdmits(RecordFacts facts, RecordVerdict held, Func<RecordName, bool>? mayBeNamed) =>
        mayBeNamed is not null && (held == RecordVerdict.Visible ? References.TargetMayBeNamed(facts, mayBeNamed) : References.HasTarget(facts));

    private static long NextChange(long ms) => ms == RuleEmbargo.Never ? 0 : ms;

    private Decision Hidden(RecordVerdict verdict, in RuleMatch match, long nextChangeMs = 0)
    {
        var place = verdict switch { RecordVerdict.Denied => match.Denial, RecordVerdict.RuleEmbargo => match.Holding, _ => 0 };
        if (place == 0 && nextChangeMs == 0)
            return HiddenByVerdict[(int)verdict];
        var rule = place == 0 ? null : Reduced[place - 1];
        return new Decision { Verdict = verdict, Rule = rule?.Name, RuleOrdinal = rule?.Ordinal ?? -1, Parts = [], NextChangeMs = nextChangeMs };
    }

    private RecordVerdict JudgeRecord(in RuleMatch match, Recipient recipient, RecordFacts facts)
    {
        if (!Markings.IsKnown(facts.Marking) || (facts.Marking == Marking.Red && !facts.Audience.NamesItself(recipient)))
            return RecordVerdict.Marking;
        if (!facts.Own && !OnwardPermission.Of(recipient, facts).Any)
            return RecordVerdict.Onward;
        if (facts.Marking > Ceiling)
            return RecordVerdict.Ceiling;
        if (!facts.Audience.Admits(recipient))
            return RecordVerdict.Audience;
        if (match.Denial != 0)
            return RecordVerdict.Denied;
        return match.Allowance == 0 ? RecordVerdict.NoRule : RecordVerdict.Visible;
    }
}
