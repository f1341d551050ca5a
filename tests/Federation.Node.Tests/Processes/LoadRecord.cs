using Federation.V1.Node;
using Federation.V1.Records;

namespace Federation.Node.Tests.Processes;

/// <summary>What a node acknowledged of one record.</summary>
internal sealed class LoadRecord
{
    public required string Id { get; init; }

    public required uint Revision { get; set; }

    public required RecordDraft Draft { get; set; }

    public bool Erased { get; set; }

    public bool Withdrawn { get; set; }

    /// <summary>Whether the policy of the pair shows it: the same answer as the policy gives, by other means.</summary>
    public bool IsShared => !Erased && Draft.Envelope.Marking <= Marking.Amber;

    /// <summary>The parts that the policy of the pair shows.</summary>
    public IEnumerable<Part> SharedParts => Draft.Parts.Select(p => p.Part).Where(p => p.ContentCase != Part.ContentOneofCase.FlawReproduction);
}
