using Federation.V1.Node;

namespace Federation.Cli.RecordFiles;

/// <summary>One record of a file, or why it could not be read.</summary>
/// <param name="Place">The file, and the line in a file of JSON lines.</param>
/// <param name="SizeBytes">How many bytes of the file it took; for progress.</param>
/// <param name="Draft">The record; null if it could not be read.</param>
/// <param name="Faults">Why it could not be read.</param>
/// <param name="IdempotencyKey">A key that the same file gives again; empty if none is wanted.</param>
internal sealed record DraftSource(string Place, long SizeBytes, RecordDraft? Draft, IReadOnlyList<FieldFault> Faults, string IdempotencyKey = "");
