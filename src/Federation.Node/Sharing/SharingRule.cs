namespace Federation.Node.Sharing;

/// <summary>One rule of a sharing policy: the records that it speaks of, the partners that it speaks for, and what it says.</summary>
internal sealed class SharingRule
{
    /// <summary>The rule's name, unique in its policy; for people only.</summary>
    public required string Name { get; init; }

    /// <summary>The rule's place in the file, from 0.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The line where the rule begins, from 1; for people only.</summary>
    public required int Line { get; init; }

    /// <summary>Whether the rule denies what it matches; otherwise it allows it.</summary>
    public required bool Denies { get; init; }

    /// <summary>The records that the rule speaks of.</summary>
    public required RuleConditions Conditions { get; init; }

    /// <summary>The partners that the rule speaks for; empty means every one to whom the policy is applied.</summary>
    public required Audience Audience { get; init; }

    /// <summary>What the rule says about what it allows.</summary>
    public required RuleHandling Handling { get; init; }

    /// <summary>Whether the rule speaks of a record whose kind it is known to speak of.</summary>
    public Predicate<RecordFacts> MatchesBeyondKind => field ??= ConditionTests.Compose(Conditions, Denies);

    /// <summary>Whether the rule speaks of a record.</summary>
    public bool Matches(RecordFacts facts) => Conditions.SpeaksOf(facts.Kind) && MatchesBeyondKind(facts);

    /// <summary>The rule for one of the partners that it speaks for, to whom its audience no longer matters.</summary>
    public SharingRule ForOne() => Audience.IsEmpty ? this : new SharingRule
    {
        Name = Name,
        Ordinal = Ordinal,
        Line = Line,
        Denies = Denies,
        Conditions = Conditions,
        Audience = Audience.Everyone,
        Handling = Handling,
    };

    /// <summary>
    /// Whether the other rule changes no answer beside this one: the same effect, or an allowance that this denial takes back, for at
    /// least the same partners and records, and nothing in its handling that this one's lacks.
    /// </summary>
    public bool Covers(SharingRule other) =>
        (Denies || !other.Denies)
        && Audience.Covers(other.Audience)
        && Conditions.Covers(other.Conditions, Denies)
        && (Denies || Handling.With(other.Handling).IsSameAs(Handling));
}
