using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>
/// The records that a rule speaks of: a conjunction of tests, in normal form. Sets are sorted and without values that others in them
/// cover; a test that every record passes is left out.
/// </summary>
internal sealed class RuleConditions
{
    /// <summary>The kinds, in the order of their numbers; empty means every kind.</summary>
    public required IReadOnlyList<RecordKind> Kinds { get; init; }

    /// <summary>The states; empty means every state.</summary>
    public required CodeSet States { get; init; }

    /// <summary>The lowest marking of an envelope; CLEAR means every marking.</summary>
    public required Marking MinMarking { get; init; }

    /// <summary>The highest marking of an envelope; RED means every marking.</summary>
    public required Marking MaxMarking { get; init; }

    /// <summary>A topic of the record matches one of these; empty means all records.</summary>
    public required TopicPattern[] Topics { get; init; }

    /// <summary>No topic of the record matches one of these.</summary>
    public required TopicPattern[] WithoutTopics { get; init; }

    /// <summary>The severities on one scale, as <see cref="RecordTraits"/> codes them; null means all records, those without one too.</summary>
    public required ValueRange? Severity { get; init; }

    /// <summary>The institutes that issued the record; empty means the own institute alone in an allow rule, and every institute in a deny rule.</summary>
    public required IReadOnlyList<InstituteId> Origins { get; init; }

    /// <summary>The languages; empty means every language.</summary>
    public required LanguageRange[] Languages { get; init; }

    /// <summary>The availabilities of a model; empty means all records, those without one too.</summary>
    public required CodeSet Availability { get; init; }

    /// <summary>The date of issue, in milliseconds since 1970-01-01 UTC; null means all records, those without one too.</summary>
    public required ValueRange? Issued { get; init; }

    /// <summary>The record's own onward rule; empty means any.</summary>
    public required CodeSet Onward { get; init; }

    /// <summary>The record's own permitted actions; empty means any.</summary>
    public required CodeSet PermittedActions { get; init; }

    /// <summary>The record's own rule on attribution; empty means any.</summary>
    public required CodeSet Attribution { get; init; }

    /// <summary>Whether the rule can speak of records of this kind.</summary>
    public bool SpeaksOf(RecordKind kind) => Kinds.Count == 0 || Kinds.Contains(kind);

    /// <summary>
    /// Whether a rule with these conditions matches whatever one with the other conditions matches, test by test. It holds between
    /// two deny rules, between two allow rules, and for a deny rule that is compared with an allow rule.
    /// </summary>
    public bool Covers(RuleConditions other, bool denies) =>
        CoversAll(Kinds, other.Kinds, (kind, inner) => kind == inner)
        && States.Covers(other.States)
        && MinMarking <= other.MinMarking
        && MaxMarking >= other.MaxMarking
        && ValueRange.Covers(Severity, other.Severity)
        && (denies || (Origins.Count == 0) == (other.Origins.Count == 0))
        && CoversAll(Origins, other.Origins, (origin, inner) => origin == inner)
        && Availability.Covers(other.Availability)
        && ValueRange.Covers(Issued, other.Issued)
        && Onward.Covers(other.Onward)
        && PermittedActions.Covers(other.PermittedActions)
        && Attribution.Covers(other.Attribution)
        && CoversAll(Languages, other.Languages, (range, inner) => range.Covers(inner))
        && CoversAll(Topics, other.Topics, (pattern, inner) => pattern.Covers(inner))
        // A record that has none of the other's excluded topics must have none of these.
        && WithoutTopics.All(pattern => other.WithoutTopics.Any(outer => outer.Covers(pattern)));

    // No value is no test.
    private static bool CoversAll<T>(IReadOnlyList<T> values, IReadOnlyList<T> others, Func<T, T, bool> covers) =>
        values.Count == 0 || (others.Count > 0 && others.All(inner => values.Any(value => covers(value, inner))));
}
