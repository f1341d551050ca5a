using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>What is kept of one part beside its value, so that it can be judged and stated without opening the body.</summary>
/// <param name="Part">The part's id; 0 is the envelope.</param>
/// <param name="ChangedMs">The part's time of change as it is disclosed.</param>
/// <param name="Commitment">The part's commitment.</param>
/// <param name="Schema">The schema number under which the part was written.</param>
/// <param name="Type">The field number of the part's content; 0 for the envelope.</param>
/// <param name="Marking">The part's own marking, as a number that this program may not know.</param>
/// <param name="Onward">The part's own onward rule.</param>
/// <param name="ReleaseMs">The part's own embargo in milliseconds since 1970-01-01 UTC; 0 means the record's.</param>
/// <param name="Audience">The institutes in the part's own audience; null means the record's audience, groups included.</param>
/// <param name="References">The records that the part refers to.</param>
/// <param name="Gone">
/// Whether the part was removed when its record was withdrawn. It has no value and stands in no statement; what is left of it says who
/// could see something of the record, so that withdrawing a record shows its envelope to nobody who could not see it before.
/// </param>
internal sealed record ShapePart(
    ulong Part,
    long ChangedMs,
    Digest Commitment,
    ushort Schema,
    int Type,
    byte Marking,
    byte Onward,
    long ReleaseMs,
    IReadOnlyList<InstituteId>? Audience,
    IReadOnlyList<RecordName> References,
    bool Gone = false)
{
    /// <summary>Whether the part stands in the statement and was not opened by the partner that passed the record on.</summary>
    public bool Unopened { get; init; }

    /// <summary>The groups in the part's own audience; none unless it has one.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];
}
