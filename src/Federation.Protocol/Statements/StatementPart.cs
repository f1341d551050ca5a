using Federation.Protocol.Records;

namespace Federation.Protocol.Statements;

/// <summary>One visible part as a statement lists it: which part, when its value changed, and what it is committed to.</summary>
/// <param name="Part">The part's id: 64 random bits, 0 for the envelope.</param>
/// <param name="ChangedMs">Milliseconds since the Unix epoch, blurred within their minute; never negative.</param>
/// <param name="Commitment">The salted commitment to the part's value (<see cref="PartCommitment"/>).</param>
public readonly record struct StatementPart(ulong Part, long ChangedMs, Digest Commitment)
{
    /// <summary>The size of a listed part on the wire, in bytes.</summary>
    public const int SizeBytes = 48;
}
