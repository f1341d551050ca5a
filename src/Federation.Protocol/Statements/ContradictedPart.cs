using Federation.Protocol.Records;

namespace Federation.Protocol.Statements;

/// <summary>A part of a record to which one originator committed twice, differently, for one time of change.</summary>
/// <param name="Part">The part's id.</param>
/// <param name="ChangedMs">When its value changed, by both statements.</param>
/// <param name="First">The commitment in the one.</param>
/// <param name="Second">The commitment in the other.</param>
public readonly record struct ContradictedPart(ulong Part, long ChangedMs, Digest First, Digest Second);
