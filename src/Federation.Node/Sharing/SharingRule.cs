using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>One rule of a sharing policy: the records that it speaks of, and what it says about them.</summary>
internal sealed class SharingRule
{
    /// <summary>The rule's name, unique in its policy; for people only.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the rule denies what it matches; otherwise it allows it.</summary>
    public required bool Denies { get; init; }

    /// <summary>The kinds that the rule speaks of, each once, in the order of their numbers; empty means every kind.</summary>
    public required IReadOnlyList<RecordKind> Kinds { get; init; }

    /// <summary>The highest marking of an envelope that the rule speaks of; RED means every marking.</summary>
    public required Marking MaxMarking { get; init; }

    /// <summary>The rule speaks only of records with a topic that matches one of these; empty means all records.</summary>
    public required TopicPattern[] Topics { get; init; }

    /// <summary>The rule does not speak of records with a topic that matches one of these.</summary>
    public required TopicPattern[] WithoutTopics { get; init; }

    /// <summary>The part types that partners never see of a record that the rule matches.</summary>
    public required PartTypeSet Withheld { get; init; }

    /// <summary>Of the part types that are withheld unless shown, those that the rule shows.</summary>
    public required PartTypeSet Shown { get; init; }

    /// <summary>Whether a record is shared even if nothing but its envelope is left.</summary>
    public required bool SharesEnvelope { get; init; }

    /// <summary>Whether the rule speaks of records of this kind.</summary>
    public bool SpeaksOf(RecordKind kind) => Kinds.Count == 0 || Kinds.Contains(kind);

    /// <summary>Whether the rule speaks of a record whose kind it is known to speak of.</summary>
    public bool MatchesBeyondKind(RecordFacts facts) =>
        facts.Marking <= MaxMarking
        && (Topics.Length == 0 || AnyMatches(Topics, facts.Topics))
        && (WithoutTopics.Length == 0 || !AnyMatches(WithoutTopics, facts.Topics));

    private static bool AnyMatches(TopicPattern[] patterns, IReadOnlyList<string> topics)
    {
        for (var i = 0; i < topics.Count; i++)
        {
            var topic = topics[i];
            foreach (ref readonly var pattern in patterns.AsSpan())
            {
                if (pattern.Matches(topic))
                    return true;
            }
        }
        return false;
    }
}
