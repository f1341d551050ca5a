using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>What the sharing decision knows of one part.</summary>
internal sealed class PartFacts
{
    /// <summary>The part's id, never 0 (which is the envelope).</summary>
    public required ulong Part { get; init; }

    /// <summary>The part's type: the field number of its content in the message Part.</summary>
    public required int Type { get; init; }

    /// <summary>The part's own marking; UNSPECIFIED means the envelope's.</summary>
    public required Marking Marking { get; init; }

    /// <summary>The part's own onward rule; UNSPECIFIED means the envelope's. It matters for records of other institutes only.</summary>
    public Onward Onward { get; init; }

    /// <summary>The part's own embargo in milliseconds since 1970-01-01 UTC; 0 means the record's.</summary>
    public required long ReleaseMs { get; init; }

    /// <summary>The part's own audience; null means the record's. A received onward grant is for the institute that it names.</summary>
    public required Audience? Audience { get; init; }

    /// <summary>The records that the part refers to.</summary>
    public required IReadOnlyList<RecordName> References { get; init; }
}
