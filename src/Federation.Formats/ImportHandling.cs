using Federation.V1.Records;

namespace Federation.Formats;

/// <summary>
/// The handling that an import names for every record it makes. There is no default: the formats say nothing of who may see a record.
/// </summary>
/// <param name="Marking">The marking of the envelope; MARKING_UNSPECIFIED is refused.</param>
/// <param name="Audience">Institutes that may see the records; empty means no restriction. At most 64.</param>
/// <param name="Topics">Codes of the topic vocabulary; at most 32. They are stated here and never derived from content.</param>
public sealed record ImportHandling(Marking Marking, IReadOnlyList<string> Audience, IReadOnlyList<string> Topics);
