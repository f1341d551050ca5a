using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>Records about which two policies may decide differently: a conjunction of tests that a store can answer by index.</summary>
internal sealed class DeltaClause
{
    /// <summary>The kinds; empty means all.</summary>
    public IReadOnlyList<RecordKind> Kinds { get; init; } = [];

    /// <summary>The lowest marking of the envelope; CLEAR means all.</summary>
    public Marking MinMarking { get; init; } = Marking.Clear;

    /// <summary>The highest marking of the envelope; RED means all, numbers that this program does not know too.</summary>
    public Marking MaxMarking { get; init; } = Marking.Red;

    /// <summary>The highest of the markings of the envelope and all parts is above this one; UNSPECIFIED is no test.</summary>
    public Marking AnyMarkingAbove { get; init; }

    /// <summary>The record has a part of one of these types; empty is no test.</summary>
    public PartTypeSet Types { get; init; }

    /// <summary>A topic of the record matches one of these; empty is no test.</summary>
    public TopicPattern[] Topics { get; init; } = [];

    /// <summary>Whether the record is meant.</summary>
    public bool Matches(RecordFacts facts) =>
        (Kinds.Count == 0 || Kinds.Contains(facts.Kind))
        && (MinMarking == Marking.Clear || facts.Marking >= MinMarking)
        && (MaxMarking == Marking.Red || facts.Marking <= MaxMarking)
        && (AnyMarkingAbove == Marking.Unspecified || facts.Marking > AnyMarkingAbove || facts.Parts.Any(part => part.Marking > AnyMarkingAbove))
        && (Types.IsEmpty || facts.Parts.Any(part => Types.Contains(part.Type)))
        && (Topics.Length == 0 || facts.Topics.Any(topic => Topics.Any(pattern => pattern.Matches(topic))));
}
