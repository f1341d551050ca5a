using Federation.V1.Node;

namespace Federation.Formats;

/// <summary>What became of one file: drafts, or the reasons why there are none. Never both, never neither.</summary>
/// <param name="Drafts">The records, ready to be published; empty if the file was refused.</param>
/// <param name="Faults">Why the file was refused; empty if it was imported.</param>
public sealed record ImportOutcome(IReadOnlyList<RecordDraft> Drafts, IReadOnlyList<ImportFault> Faults)
{
    internal static ImportOutcome Imported(RecordDraft draft) => new([draft], []);

    internal static ImportOutcome Refused(params IReadOnlyList<ImportFault> faults) => new([], faults);
}
